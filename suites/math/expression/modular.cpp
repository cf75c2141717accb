#include "suites/math/expression/modular.h"

#include <array>
#include <cstdint>
#include <string>

#include "suites/math/expression/exact.h"

namespace assay::math {
namespace {

__extension__ using Wide = unsigned __int128;

constexpr int factorial_max = 5000;

// The three largest primes below 2^61 are 2^61 - gap. A quotient by 2^61 is a shift, and what is
// left over counts `gap` times: no division.
constexpr unsigned prime_bits = 61;
constexpr std::array<std::uint64_t, 3> gaps = {1, 31, 45};

class Residues {
 public:
  Residues(std::uint64_t gap, Point& point, Budget& budget)
      : gap_(gap), prime_((std::uint64_t{1} << prime_bits) - gap), point_(point), budget_(budget) {}

  std::optional<std::uint64_t> operator()(const Node& node) {
    if (!budget_.spend(150)) return std::nullopt;
    switch (node.kind) {
      case Kind::number:
        return of(node.number);
      case Kind::symbol:
        return of(value_at(node.name, point_));
      case Kind::add:
        return folded(node, false);
      case Kind::multiply:
        return folded(node, true);
      case Kind::negate:
        return times((*this)(node.children[0]), prime_ - 1);
      case Kind::divide:
        return times((*this)(node.children[0]), inverse((*this)(node.children[1])));
      case Kind::quantity:
        return times((*this)(node.children[0]), of(node.number));
      case Kind::power:
        return raised(node);
      case Kind::call:
        return call(node);
      default:
        return std::nullopt;
    }
  }

 private:
  using Residue = std::optional<std::uint64_t>;

  // The same residue, of about half the bits.
  Wide folded_once(Wide value) const {
    constexpr Wide low = (Wide{1} << prime_bits) - 1;
    return (value >> prime_bits) * gap_ + (value & low);
  }

  std::uint64_t multiply(std::uint64_t a, std::uint64_t b) const {
    const Wide once = folded_once(static_cast<Wide>(a) * b);           // < 2^67
    const auto twice = static_cast<std::uint64_t>(folded_once(once));  // < 2^61 + 2^12
    return twice >= prime_ ? twice - prime_ : twice;
  }

  Residue times(const Residue& a, const Residue& b) const {
    if (!a || !b) return std::nullopt;
    return multiply(*a, *b);
  }

  std::uint64_t to_the(std::uint64_t base, std::uint64_t exponent) const {
    std::uint64_t result = 1;
    for (; exponent > 0; exponent >>= 1U) {
      if ((exponent & 1U) == 1) result = multiply(result, base);
      base = multiply(base, base);
    }
    return result;
  }

  // By Fermat.
  Residue inverse(const Residue& value) const {
    if (!value || *value == 0) return std::nullopt;
    if (*value == 1) return value;
    return to_the(*value, prime_ - 2);
  }

  std::uint64_t of(const Integer& value, std::uint64_t modulus) const {
    Integer rest = value % modulus;
    if (rest < 0) rest += modulus;
    return rest.convert_to<std::uint64_t>();
  }

  Residue of(const Rational& value) {
    if (!budget_.spend(200)) return std::nullopt;
    return times(of(Integer(numerator(value)), prime_),
                 inverse(of(Integer(denominator(value)), prime_)));
  }

  Residue folded(const Node& node, bool product) {
    std::uint64_t total = product ? 1 : 0;
    for (const Node& child : node.children) {
      const Residue next = (*this)(child);
      if (!next) return std::nullopt;
      total = product ? multiply(total, *next) : (total + *next) % prime_;
    }
    return total;
  }

  Residue raised(const Node& node) {
    const Exact exponent = evaluate_exact(node.children[1], point_, budget_);
    if (exponent.status != Status::ok || exponent.im != 0 || denominator(exponent.re) != 1)
      return std::nullopt;
    const Residue base = (*this)(node.children[0]);
    if (!base || *base == 0 || !budget_.spend(2000)) return std::nullopt;
    // a^(p-1) = 1.
    return to_the(*base, of(Integer(numerator(exponent.re)), prime_ - 1));
  }

  Residue factorial(const Rational& value) {
    if (denominator(value) != 1 || value < 0 || value > factorial_max) return std::nullopt;
    const int n = Integer(numerator(value)).convert_to<int>();
    if (!budget_.spend(std::int64_t{n} * 4)) return std::nullopt;
    std::uint64_t product = 1;
    for (int i = 2; i <= n; ++i) product = multiply(product, static_cast<std::uint64_t>(i));
    return product;
  }

  Residue call(const Node& node) {
    if (node.name == "percent") return times((*this)(node.children[0]), of(Rational(1, 100)));
    const bool binomial = node.name == "binom" && node.children.size() == 2;
    if (node.name != "factorial" && !binomial) return std::nullopt;
    const Exact n = evaluate_exact(node.children[0], point_, budget_);
    if (n.status != Status::ok || n.im != 0) return std::nullopt;
    if (!binomial) return factorial(n.re);
    const Exact k = evaluate_exact(node.children[1], point_, budget_);
    if (k.status != Status::ok || k.im != 0 || k.re > n.re) return std::nullopt;
    return times(factorial(n.re), inverse(times(factorial(k.re), factorial(n.re - k.re))));
  }

  std::uint64_t gap_;
  std::uint64_t prime_;
  Point& point_;
  Budget& budget_;
};

}  // namespace

std::optional<bool> equal_modulo_primes(const Node& a, const Node& b, Point& point,
                                        Budget& budget) {
  for (const std::uint64_t gap : gaps) {
    Residues residue(gap, point, budget);
    const auto x = residue(a);
    if (!x) return std::nullopt;
    const auto y = residue(b);
    if (!y) return std::nullopt;
    if (*x != *y) return false;
  }
  return true;
}

}  // namespace assay::math
