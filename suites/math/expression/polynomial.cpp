#include "suites/math/expression/polynomial.h"

#include <algorithm>
#include <utility>

namespace assay::math {
namespace {

void trim_zeros(Polynomial& polynomial) {
  while (!polynomial.empty() && polynomial.back() == 0) polynomial.pop_back();
}

Polynomial sum(const Polynomial& a, const Polynomial& b) {
  Polynomial result(std::max(a.size(), b.size()), Rational(0));
  for (std::size_t i = 0; i < result.size(); ++i) {
    if (i < a.size()) result[i] += a[i];
    if (i < b.size()) result[i] += b[i];
  }
  trim_zeros(result);
  return result;
}

class Reader {
 public:
  Reader(const std::string& variable, Budget& budget) : variable_(variable), budget_(budget) {}

  std::optional<Quotient> operator()(const Node& node) {
    if (!budget_.spend(1000)) return std::nullopt;
    switch (node.kind) {
      case Kind::number:
        return node.number == 0 ? Quotient{} : Quotient{{node.number}};
      case Kind::symbol:
        return node.name == variable_ ? std::optional<Quotient>(Quotient{{0, 1}}) : std::nullopt;
      case Kind::add:
      case Kind::multiply:
        return folded(node);
      case Kind::negate:
        return multiplied((*this)(node.children[0]), Quotient{{-1}});
      case Kind::divide:
        return multiplied((*this)(node.children[0]), inverted((*this)(node.children[1])));
      case Kind::power:
        return raised(node);
      default:
        return std::nullopt;
    }
  }

 private:
  using Result = std::optional<Quotient>;

  Result folded(const Node& node) {
    Result total = (*this)(node.children[0]);
    for (std::size_t i = 1; i < node.children.size() && total; ++i) {
      const Result next = (*this)(node.children[i]);
      total = node.kind == Kind::add ? added(total, next) : multiplied(total, next);
    }
    return total;
  }

  Result raised(const Node& node) {
    const Node& up = node.children[1];
    const Node& bare = up.kind == Kind::negate ? up.children[0] : up;
    if (bare.kind != Kind::number || denominator(bare.number) != 1 || bare.number > degree_max)
      return std::nullopt;
    const Result base = (*this)(node.children[0]);
    Result total = Quotient{{1}};
    for (Rational i = 0; i < bare.number && total; i += 1) total = multiplied(total, base);
    // 0^0 and 1/0 are no polynomials.
    if (bare.number == 0 && (!base || base->top.size() < 2)) return std::nullopt;
    return up.kind == Kind::negate ? inverted(total) : total;
  }

  Result within(Quotient quotient) {
    for (const Polynomial* part : {&quotient.top, &quotient.bottom}) {
      if (part->size() > degree_max + 1) return std::nullopt;
      for (const Rational& one : *part) {
        if (bits_of(one) > 256 || !budget_.spend(300)) return std::nullopt;
      }
    }
    return quotient;
  }

  Result added(const Result& a, const Result& b) {
    if (!a || !b) return std::nullopt;
    if (a->bottom == b->bottom) return within({sum(a->top, b->top), a->bottom});
    return within({sum(product(a->top, b->bottom), product(b->top, a->bottom)),
                   product(a->bottom, b->bottom)});
  }

  Result multiplied(const Result& a, const Result& b) {
    if (!a || !b) return std::nullopt;
    return within({product(a->top, b->top), product(a->bottom, b->bottom)});
  }

  // x/(1/x) has no value at 0: such a quotient of quotients is left alone.
  static Result inverted(const Result& a) {
    if (!a || a->top.empty() || a->bottom.size() > 1) return std::nullopt;
    return Quotient{a->bottom, a->top};
  }

  const std::string& variable_;
  Budget& budget_;
};

// All coefficients times what makes them whole numbers.
std::vector<Integer> whole(const Polynomial& polynomial) {
  Integer common = 1;
  for (const Rational& one : polynomial) common = lcm(common, Integer(denominator(one)));
  std::vector<Integer> coefficients;
  for (const Rational& one : polynomial) {
    const Rational scaled = one * common;
    coefficients.emplace_back(numerator(scaled));
  }
  return coefficients;
}

std::vector<Integer> small_divisors(const Integer& value) {
  constexpr int divisor_max = 400;
  std::vector<Integer> divisors;
  for (int i = 1; i <= divisor_max && i <= abs(value); ++i) {
    if (value % i == 0) divisors.emplace_back(i);
  }
  return divisors;
}

// (x - root), taken out once.
Polynomial without_root(const Polynomial& polynomial, const Rational& root) {
  Polynomial rest(polynomial.size() - 1);
  Rational carried = 0;
  for (std::size_t i = polynomial.size(); i-- > 1;) {
    carried = carried * root + polynomial[i];
    rest[i - 1] = carried;
  }
  return rest;
}

std::optional<Rational> rational_root(const Polynomial& polynomial, Budget& budget) {
  if (polynomial[0] == 0) return Rational(0);
  const std::vector<Integer> coefficients = whole(polynomial);
  for (const Integer& bottom : small_divisors(coefficients.back())) {
    for (const Integer& top : small_divisors(coefficients.front())) {
      for (const Rational& root : {Rational(top, bottom), Rational(-top, bottom)}) {
        if (!budget.spend(400 * static_cast<std::int64_t>(polynomial.size()))) return std::nullopt;
        if (value_at(polynomial, root) == 0) return root;
      }
    }
  }
  return std::nullopt;
}

// Takes the rational roots out of a polynomial, each as often as it occurs.
std::vector<Rational> take_rational_roots(Polynomial& polynomial, Budget& budget) {
  std::vector<Rational> roots;
  while (polynomial.size() > 1) {
    const auto root = polynomial.size() == 2
                          ? std::optional<Rational>(-polynomial[0] / polynomial[1])
                          : rational_root(polynomial, budget);
    if (!root) break;
    roots.push_back(*root);
    polynomial = without_root(polynomial, *root);
  }
  return roots;
}

}  // namespace

std::optional<Quotient> quotient_of(const Node& node, const std::string& variable, Budget& budget) {
  return Reader(variable, budget)(node);
}

Polynomial product(const Polynomial& a, const Polynomial& b) {
  if (a.empty() || b.empty()) return {};
  Polynomial result(a.size() + b.size() - 1, Rational(0));
  for (std::size_t i = 0; i < a.size(); ++i) {
    for (std::size_t k = 0; k < b.size(); ++k) result[i + k] += a[i] * b[k];
  }
  return result;
}

Rational value_at(const Polynomial& polynomial, const Rational& x) {
  Rational value = 0;
  for (std::size_t i = polynomial.size(); i-- > 0;) value = value * x + polynomial[i];
  return value;
}

std::optional<std::vector<Node>> real_roots(const Polynomial& polynomial, Budget& budget) {
  Polynomial rest = polynomial;
  std::vector<Rational> rational = take_rational_roots(rest, budget);
  std::sort(rational.begin(), rational.end());
  rational.erase(std::unique(rational.begin(), rational.end()), rational.end());
  std::vector<Node> roots;
  roots.reserve(rational.size() + 2);
  for (const Rational& root : rational) roots.push_back(make_number(root));
  if (rest.size() <= 1) return roots;
  if (rest.size() != 3) return std::nullopt;
  const Rational middle = -rest[1] / (2 * rest[2]);
  const Rational radicand = middle * middle - rest[0] / rest[2];
  if (radicand < 0) return roots;
  for (const bool plus : {false, true}) {
    Node root = make_call("sqrt", {make_number(radicand)});
    if (!plus) root = make_node(Kind::negate, {std::move(root)});
    roots.push_back(make_node(Kind::add, {make_number(middle), std::move(root)}));
  }
  return roots;
}

std::optional<Rational> telescoped(const Quotient& term, const Integer& first, Budget& budget) {
  Polynomial rest = term.bottom;
  if (term.top.size() + 2 > rest.size()) return std::nullopt;
  const std::vector<Rational> poles = take_rational_roots(rest, budget);
  if (rest.size() != 1) return std::nullopt;
  const Rational lowest = *std::min_element(poles.begin(), poles.end());
  Rational total = 0;
  for (std::size_t i = 0; i < poles.size(); ++i) {
    const Rational apart = poles[i] - lowest;
    // Poles in the range of summation leave a term without a value.
    if (denominator(apart) != 1 || apart > 60 || poles[i] >= Rational(first)) return std::nullopt;
    Rational slope = rest[0];
    for (std::size_t k = 0; k < poles.size(); ++k) {
      if (k != i) slope *= poles[i] - poles[k];
    }
    if (slope == 0) return std::nullopt;
    // c/(k - pole) against c/(k - lowest), of which the tails are the same.
    Rational ahead = 0;
    for (Rational j = Rational(first) - apart; j < Rational(first); j += 1) {
      if (!budget.spend(1500)) return std::nullopt;
      ahead += 1 / (j - lowest);
    }
    total += value_at(term.top, poles[i]) / slope * ahead;
  }
  return total;
}

Rational integral(const Polynomial& polynomial, const Rational& from, const Rational& to) {
  Polynomial primitive = {0};
  for (std::size_t i = 0; i < polynomial.size(); ++i)
    primitive.push_back(polynomial[i] / static_cast<std::int64_t>(i + 1));
  return value_at(primitive, to) - value_at(primitive, from);
}

}  // namespace assay::math
