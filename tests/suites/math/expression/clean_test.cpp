#include "suites/math/expression/clean.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("Unicode mathematics and full-width forms become LaTeX and ASCII") {
  CHECK(clean("x²") == "x^{2}");
  CHECK(clean("a₁₂") == "a_{12}");
  CHECK(clean("１２３，４") == "123, 4");
  CHECK(clean("2×3") == "2\\times 3");
  CHECK(clean("−5") == "-5");
}

TEST_CASE("sizes, thin spaces and doubled backslashes fall away, rows of tables stay") {
  CHECK(clean("\\left( 1,\\,2 \\right)") == " ( 1, 2  )");
  CHECK(clean("1,\\!000") == "1{,}000");
  CHECK(clean("\\\\frac{1}{2}") == "\\frac{1}{2}");
  CHECK(clean("\\begin{matrix}1\\\\ 2\\end{matrix}") == "\\begin{matrix}1\\\\ 2\\end{matrix}");
}

TEST_CASE("a brace is matched over nested and escaped ones") {
  CHECK(matching_brace("{a{b}c}d", 0) == 7);
  CHECK(matching_brace("{\\}}", 0) == 4);
  CHECK(matching_brace("{{}", 0) == std::string_view::npos);
}

TEST_CASE("broken UTF-8 passes through without harm") {
  const std::string broken = "\xF0\x9F\xE2";
  CHECK(clean(broken).size() <= 8);
  CHECK(trim("  \t ").empty());
}
