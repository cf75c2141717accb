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
  CHECK(find_letter_unit('N')->dimension == "length*mass*time^-2");
  CHECK_FALSE(find_letter_unit('q'));
}

TEST_CASE("units multiply and divide as their quantities do") {
  const Unit newton = *find_letter_unit('N');
  const Unit metre = *find_letter_unit('m');
  const Unit joule = times(newton, metre, 1);
  CHECK(joule.dimension == find_unit("joule")->dimension);
  CHECK(joule.size == find_unit("joule")->size);
  CHECK(times(joule, metre, -1).dimension == newton.dimension);
  CHECK(times(metre, metre, -1).dimension.empty());
  CHECK(times({}, metre, 3).dimension == "length^3");
}
