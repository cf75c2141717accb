#include "suites/math/expression/evaluate.h"

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

Same same(std::string_view a, std::string_view b) {
  Budget budget;
  return compare_values(*parse(a, {}).node, *parse(b, {}).node, budget).same;
}

}  // namespace

TEST_CASE("identities hold at every test point, near misses at none") {
  CHECK(same("(x+y)^2", "x^2+2xy+y^2") == Same::yes);
  CHECK(same("(x+y)^2", "x^2+y^2") == Same::no);
  CHECK(same("\\sin^2 x+\\cos^2 x", "1") == Same::yes);
  CHECK(same("\\sqrt{x^2}", "x") == Same::no);
  CHECK(same("\\ln x^2", "2\\ln x") == Same::yes);
  CHECK(same("x/x", "1") == Same::yes);
  CHECK(same("\\sqrt{2}+\\sqrt{3}", "\\sqrt{5+2\\sqrt6}") == Same::yes);
}

TEST_CASE("what cannot be computed is unknown") {
  CHECK(same("9^{9^{9^9}}", "1") == Same::unknown);
  CHECK(same("\\int_0^1 \\sin x dx", "1/2") == Same::unknown);
}

TEST_CASE("the ratio of two expressions is constant, with its sign, or it is not") {
  Budget budget;
  const auto sign = [&](std::string_view a, std::string_view b) {
    return constant_ratio_sign(*parse(a, {}).node, *parse(b, {}).node, budget);
  };
  CHECK(sign("2x+4", "x+2") == 1);
  CHECK(sign("-x", "x") == -1);
  CHECK(sign("x^2", "x") == 0);
}

TEST_CASE("keys of equal values are equal") {
  Budget budget;
  const auto key = [&](std::string_view text) { return value_key(*parse(text, {}).node, budget); };
  CHECK(key("0.5") == key("\\frac{2}{4}"));
  CHECK(key("\\sqrt8") == key("2\\sqrt2"));
  CHECK(key("x(x+1)") == key("x^2+x"));
  CHECK(key("\\sqrt8") != key("\\sqrt7"));
}
