#include "suites/math/expression/texts.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("texts that say the same are equal once normalised") {
  CHECK(normalize_text("\\text{The  Ellipse.}", false) == "ellipse");
  CHECK(normalize_text("椭圆", false) == "ellipse");
  CHECK(normalize_text("Yes", true) == "Yes");
}

TEST_CASE("a hyphen joins words, a minus sign negates them") {
  CHECK(normalize_text("\\text{Monday - Friday}", false) == "monday friday");
  CHECK(normalize_text("x-axis", false) == "x axis");
  CHECK(normalize_text("-\\operatorname{Re}(z)", false) != normalize_text("Re(z)", false));
  CHECK(normalize_text("\\text{Var}(-X)", false) != normalize_text("\\text{Var}(X)", false));
}

TEST_CASE("words that name a set or a number become one") {
  CHECK(words_to_node("all real numbers").kind == Kind::named_set);
  CHECK(words_to_node("a dozen").kind == Kind::number);
  CHECK(words_to_node("triangle").kind == Kind::text);
}
