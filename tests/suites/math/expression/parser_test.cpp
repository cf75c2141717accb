#include "suites/math/expression/parser.h"

#include <string>

#include "suites/math/expression/clean.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string read(std::string_view text, const ParseOptions& options = {}) {
  const auto parsed = parse(clean(text), options);
  return parsed.node ? render(*parsed.node) : "! " + parsed.error;
}

}  // namespace

TEST_CASE("formulas are read with the usual precedence") {
  CHECK(read("1+2x^2") == "(1 + (2*x^2))");
  CHECK(read("-x^2") == "-x^2");
  CHECK(read("a/bc") == "((a/b)*(c))");
  CHECK(read("a/bc", {.slash_takes_product = true}) == "(a/(b*c))");
  CHECK(read("\\frac12x") == "((1/2)*x)");
  CHECK(read("\\frac{270}7") == "(270/7)");
  CHECK(read("2^3^2") == "2^3^2");
  CHECK(read("\\sin 2x \\cos y") == "(sin((2*x))*cos(y))");
  CHECK(read("\\sin^{-1} x") == "arcsin(x)");
  CHECK(read("|x-1|+|y|") == "(abs((x + -1)) + abs(y))");
}

TEST_CASE("brackets tell pairs, intervals and sets apart") {
  CHECK(read("(1,2)") == "(1, 2)");
  CHECK(read("(1,2]") == "(1, 2]");
  CHECK(read("\\{1,2\\}") == "{1, 2}");
  CHECK(read("\\{x \\mid x>1\\}") == "{x | x>1}");
  CHECK(read("\\{\\}") == "empty");
  CHECK(read("(1,2)\\cup(3,4)") == "((1, 2) union (3, 4))");
}

TEST_CASE("units, percentages and money stand behind or before a number") {
  CHECK(read("5\\text{ cm}") == "5 length*1/100");
  CHECK(read("12\\%") == "percent(12)");
  CHECK(read("\\$5") == "5 currency USD*1");
  CHECK(read("90^\\circ") == "degree(90)");
}

TEST_CASE("what cannot be read says why") {
  CHECK(read("(1,2").starts_with("! "));
  CHECK(read("1 +").starts_with("! "));
  CHECK(read("\\frac{1}").starts_with("! "));
  CHECK(read(std::string(200, '(')) == "! nested too deeply");
  CHECK(read(")").starts_with("! "));
  CHECK(read("\\begin{pmatrix}1&2\\\\3\\end{pmatrix}") == "! rows of different length");
}

TEST_CASE("what is ambiguous says so") {
  CHECK(parse("1/2x", {}).slash_ambiguous);
  CHECK(parse("5 m", {}).letters_ambiguous);
  CHECK(parse("1,234", {}).commas_ambiguous);
}
