#include "suites/math/expression/unwrap.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("boxes, formulas and sentences around an answer are taken off") {
  CHECK(unwrap("So \\boxed{\\frac{1}{2}} it is.", false) == "\\frac{1}{2}");
  CHECK(unwrap("\\boxed{1} and \\boxed{2}", false) == "1, 2");
  CHECK(unwrap("\\boxed{1} was wrong, rather \\boxed{2}", false) == "2");
  CHECK(unwrap("$x=3$", false) == "x=3");
  CHECK(unwrap("**7**", false) == "7");
  CHECK(unwrap("The answer is 7.", false) == "7");
  CHECK(unwrap("答案是7。", false) == "7");
  CHECK(unwrap("\\boxed{20}\\%", false) == "20\\%");
  CHECK(unwrap("<think>\\boxed{1}</think> 2", false) == "2");
}

TEST_CASE("a number is looked for in a sentence only where that is asked for") {
  CHECK(unwrap("so there were 12 of them left", true) == "12");
  CHECK(unwrap("so there were 12 of them left", false) == "so there were 12 of them left");
}

TEST_CASE("a box that is not closed ends with its text") {
  CHECK(unwrap("\\boxed{5", false) == "5");
  CHECK(unwrap("\\boxed", false) == "\\boxed");
}
