// Polynomials and their quotients in one variable, with rational coefficients: exact solution sets,
// integrals and sums come from these.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "suites/math/expression/node.h"
#include "suites/math/expression/number.h"

namespace assay::math {

// Coefficients, the constant first; the last is not zero. Empty: zero.
using Polynomial = std::vector<Rational>;

inline constexpr std::size_t degree_max = 12;

// Nothing is cancelled: where `bottom` is zero the quotient has no value.
struct Quotient {
  Polynomial top;
  Polynomial bottom = {1};
};

// What a tree of sums, products, quotients and integer powers is. Empty: anything else in it,
// another letter, or a degree above degree_max.
std::optional<Quotient> quotient_of(const Node& node, const std::string& variable, Budget& budget);

Polynomial product(const Polynomial& a, const Polynomial& b);
Rational value_at(const Polynomial& polynomial, const Rational& x);

// The real roots, each once, as rational numbers and as numbers with one square root, in no order.
// Empty where some root can be neither: nothing is approximated.
std::optional<std::vector<Node>> real_roots(const Polynomial& polynomial, Budget& budget);

// The sum from k = first on without end of a quotient whose poles are rational and lie whole
// numbers apart, as 1/(k (k + 1)) has them. Empty: another quotient, or no sum.
std::optional<Rational> telescoped(const Quotient& term, const Integer& first, Budget& budget);

// The integral of a polynomial.
Rational integral(const Polynomial& polynomial, const Rational& from, const Rational& to);

}  // namespace assay::math
