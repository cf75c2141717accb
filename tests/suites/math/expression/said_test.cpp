#include "suites/math/expression/said.h"

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("opposites contradict each other, and nobody who says nothing") {
  const std::string east(1, side_of("east"));
  const std::string west(1, side_of("west"));
  CHECK(sides_contradict(east, west));
  CHECK_FALSE(sides_contradict(east, east));
  CHECK_FALSE(sides_contradict(east, ""));
  CHECK(side_of("apples") == 0);
}

TEST_CASE("words of exception and comparison bind the number beside them") {
  CHECK(binds_number("except"));
  CHECK(binds_number("not"));
  CHECK(binds_next_number("multiples"));
  CHECK_FALSE(binds_number("apples"));
}

TEST_CASE("tens and tenths are factors") {
  CHECK(scale_of("tens") == Rational(10));
  CHECK(scale_of("hundredths") == Rational(1, 100));
  CHECK(scale_of("sevenths") == Rational(1, 7));
  CHECK_FALSE(scale_of("eggs"));
}
