#include "suites/math/expression/exact.h"

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

Exact value(std::string_view text) {
  Point point;
  Budget budget;
  return evaluate_exact(*parse(text, {}).node, point, budget);
}

}  // namespace

TEST_CASE("rational arithmetic is exact, complex numbers included") {
  CHECK(value("1/3+1/6").re == Rational(1, 2));
  CHECK(value("(1+i)^2").im == 2);
  CHECK(value("\\sqrt{-9}").im == 3);
  CHECK(value("8^{2/3}").re == 4);
  CHECK(value("\\log_8 4").re == Rational(2, 3));
  CHECK(value("\\binom{10}{3}").re == 120);
  CHECK(value("\\sum_{k=1}^{10} k^2").re == 385);
  CHECK(value("\\lfloor -1.5 \\rfloor").re == -2);
}

TEST_CASE("what is not rational, not defined or too large is told apart") {
  CHECK(value("\\sqrt2").status == Status::unknown);
  CHECK(value("1/0").status == Status::undefined);
  CHECK(value("(-1)!").status == Status::undefined);
  CHECK(value("9^{9^{9^9}}").status == Status::unknown);
  CHECK(value("100000!").status == Status::unknown);
}
