#include "suites/math/expression/numeric.h"

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

Numeric value(std::string_view text) {
  Point point;
  Budget budget;
  return evaluate_numeric(*parse(text, {}).node, point, budget);
}

}  // namespace

TEST_CASE("functions have their values, with a bound on the error") {
  CHECK(value("\\pi").re == Approx(3.14159265358979));
  CHECK(value("e^{\\pi}").re == Approx(23.1406926327793));
  CHECK(value("\\ln 2").re == Approx(0.693147180559945));
  CHECK(value("\\arctan 2").re == Approx(1.10714871779409));
  CHECK(value("\\sqrt[3]{-2}").re == Approx(-1.25992104989487));
  CHECK(value("e^{i\\pi/2}").im == Approx(1));
  CHECK(value("\\sinh 1").re == Approx(1.1752011936438));
  CHECK(value("\\begin{vmatrix}1&2\\\\3&4\\end{vmatrix}").re == Approx(-2));
}

TEST_CASE("values outside of a domain are undefined, not wrong") {
  CHECK(value("\\ln 0").status == Status::undefined);
  CHECK(value("\\arcsin 2").status == Status::undefined);
}

TEST_CASE("numbers that agree in double precision are told apart with more digits") {
  Point point;
  Budget budget;
  const Node a = *parse("\\pi", {}).node;
  const Node b = *parse("\\pi+10^{-20}", {}).node;
  CHECK(compare_numeric(a, b, point, Precision::fast, budget).agreement != Agreement::apart);
  CHECK(compare_numeric(a, b, point, Precision::high, budget).agreement == Agreement::apart);
}
