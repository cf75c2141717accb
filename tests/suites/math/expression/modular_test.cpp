#include "suites/math/expression/modular.h"

#include "suites/math/expression/parser.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

std::optional<bool> same(std::string_view a, std::string_view b) {
  Point point;
  Budget budget;
  return equal_modulo_primes(*parse(a, {}).node, *parse(b, {}).node, point, budget);
}

}  // namespace

TEST_CASE("numbers too large to write out are equal or not by their residues") {
  CHECK(same("2^{5000}", "4^{2500}") == true);
  CHECK(same("2^{5000}-1", "2^{5000}+1") == false);
  CHECK(same("\\frac{3^{7000}-1}{2}", "\\frac{1}{2}(3^{7000}-1)") == true);
  CHECK(same("7^{10^{12}}", "49^{5\\cdot10^{11}}") == true);
  CHECK(same("1000!", "1000\\cdot 999!") == true);
  CHECK(same("1000!", "1001!") == false);
  CHECK(same("\\binom{600}{300}", "\\frac{600!}{300!\\cdot 300!}") == true);
  CHECK(same("x^{3000}\\cdot x", "x^{3001}") == true);
}

TEST_CASE("what has no residue is left alone") {
  CHECK_FALSE(same("\\sqrt{2}", "\\sqrt{2}").has_value());
  CHECK_FALSE(same("1/0", "1").has_value());
  CHECK_FALSE(same("2^{1/2}", "2").has_value());
  CHECK_FALSE(same("(10^9)!", "1").has_value());
}
