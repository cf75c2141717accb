#include "suites/math/expression/number.h"

#include <string>

#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("decimals are read exactly and within a bound") {
  CHECK(*parse_decimal("0.125") == Rational(1, 8));
  CHECK(*parse_decimal(".5") == Rational(1, 2));
  CHECK(*parse_decimal("12345678901234567890123") == Rational(Integer("12345678901234567890123")));
  CHECK_FALSE(parse_decimal("1.2.3"));
  CHECK_FALSE(parse_decimal("."));
  CHECK_FALSE(parse_decimal(std::string(10'000, '9')));
}

TEST_CASE("digits outside of a base are refused") {
  CHECK(*parse_based("1011", 2) == 11);
  CHECK(*parse_based("FF", 16) == 255);
  CHECK_FALSE(parse_based("12", 2));
}

TEST_CASE("powers and roots are exact or not given") {
  CHECK(*power(Rational(2, 3), -2) == Rational(9, 4));
  CHECK_FALSE(power(Rational(9), 387'420'489));
  CHECK_FALSE(power(Rational(0), -1));
  CHECK(*exact_root(Rational(27, 8), 3) == Rational(3, 2));
  CHECK(*exact_root(Rational(-8), 3) == -2);
  CHECK_FALSE(exact_root(Rational(2), 2));
}
