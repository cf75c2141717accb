#include "suites/math/expression/units.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("units are found by symbol, by word, in the plural and in Chinese") {
  CHECK(find_unit("cm")->size == Rational(1, 100));
  CHECK(find_unit("Kilometers")->size == 1000);
  CHECK(find_unit("inches")->dimension == "length");
  CHECK(find_unit("平方米")->dimension == "length^2");
  CHECK(find_unit("平方厘米")->size == Rational(1, 10000));
  CHECK_FALSE(find_unit("apples"));
  CHECK(find_letter_unit('N')->dimension == "force");
  CHECK_FALSE(find_letter_unit('q'));
}
