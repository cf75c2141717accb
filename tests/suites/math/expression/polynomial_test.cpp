#include "suites/math/expression/polynomial.h"

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

std::optional<Quotient> read(std::string_view text) {
  Budget budget;
  return quotient_of(*parse(text, {}).node, "x", budget);
}

std::string roots(std::string_view text) {
  Budget budget;
  const auto found = real_roots(read(text)->top, budget);
  if (!found) return "-";
  std::string all;
  for (const Node& root : *found) all += (all.empty() ? "" : " ") + render(root);
  return all;
}

std::optional<Rational> sum(std::string_view term, int first) {
  Budget budget;
  return telescoped(*read(term), first, budget);
}

}  // namespace

TEST_CASE("sums, products and integer powers are polynomials, quotients of them are kept apart") {
  CHECK(read("(x+1)^2-x")->top == Polynomial{1, 1, 1});
  CHECK(read("x-x")->top.empty());
  CHECK(read("\\frac{x}{x}")->top == Polynomial{0, 1});
  CHECK(read("\\frac{x}{x}")->bottom == Polynomial{0, 1});
  CHECK(read("x^{-2}")->bottom == Polynomial{0, 0, 1});
  CHECK(read("\\frac{x}{2}+\\frac13")->bottom == Polynomial{6});
  for (const auto other : {"\\sqrt{x}", "2^x", "x^{13}", "xy", "\\sin x", "x^x", "|x|", "x^{1/2}",
                           "\\frac{1}{\\frac{1}{x}}", "\\frac{1}{x-x}", "(x-x)^0"}) {
    INFO(other);
    CHECK_FALSE(read(other).has_value());
  }
}

TEST_CASE("real roots are given where each of them has an exact form") {
  CHECK(roots("x^3-6x^2+11x-6") == "1 2 3");
  CHECK(roots("(2x-1)^2(3x+5)") == "-5/3 1/2");
  CHECK(roots("x^3-8") == "2");
  CHECK(roots("x^3-2x") == "0 (0 + -sqrt(2)) (0 + sqrt(2))");
  CHECK(roots("x^2+1").empty());
  CHECK(roots("5").empty());
  CHECK(roots("x^3-2") == "-");
  CHECK(roots("x^4-5x^2+6") == "-");
}

TEST_CASE("quotients whose poles are whole numbers apart sum to a rational number") {
  CHECK(sum("\\frac{1}{x(x+1)}", 1) == Rational(1));
  CHECK(sum("\\frac{1}{x(x+2)}", 1) == Rational(3, 4));
  CHECK(sum("\\frac{1}{(2x-1)(2x+1)}", 1) == Rational(1, 2));
  CHECK(sum("\\frac{1}{x^2-1}", 2) == Rational(3, 4));
  CHECK(sum("\\frac{1}{x(x+1)(x+2)}", 1) == Rational(1, 4));
  CHECK_FALSE(sum("\\frac{1}{x}", 1).has_value());
  CHECK_FALSE(sum("\\frac{1}{x^2}", 1).has_value());
  CHECK_FALSE(sum("\\frac{x}{x(x+1)}", 1).has_value());
  CHECK_FALSE(sum("\\frac{1}{x(x-3)}", 1).has_value());
  CHECK_FALSE(sum("\\frac{1}{x(2x+1)}", 1).has_value());
}

TEST_CASE("polynomials are integrated exactly") {
  CHECK(integral(read("3x^2+1")->top, 0, 2) == Rational(10));
  CHECK(integral(read("x^3")->top, -1, 1) == Rational(0));
  CHECK(integral({}, 0, 5) == Rational(0));
}

TEST_CASE("what a polynomial costs is bounded whatever its coefficients are") {
  Budget budget;
  const Node huge = *parse("(10^{70}x+1)^{12}", {}).node;
  CHECK_FALSE(quotient_of(huge, "x", budget).has_value());
  Budget spent{0};
  CHECK_FALSE(quotient_of(*parse("x+1", {}).node, "x", spent).has_value());
  Budget little{100'000};
  real_roots({Rational(720720), Rational(1), Rational(1), Rational(720720)}, little);
  CHECK(little.left_ns > -100'000);
}
