// Values of trees: exact in the Gaussian rationals where the tree stays there, else numbers of 113
// bits with a bound on their error. Identities are tested at fixed points that look random.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "suites/math/expression/node.h"
#include "suites/math/expression/number.h"

namespace assay::math {

enum class Same { yes, no, unknown };

struct Comparison {
  Same same = Same::unknown;
  std::string how;  // one line
};

// Whether two scalar trees have the same value wherever both are real (or, where i occurs, at all).
Comparison compare_values(const Node& a, const Node& b, Budget& budget);

// Whether a/b is the same number at every point: positive, negative, or not (0). For relations.
int constant_ratio_sign(const Node& a, const Node& b, Budget& budget);

// A constant's value. Empty where it is not real, not constant or cannot be computed.
std::optional<Rational> exact_value(const Node& node, Budget& budget);
std::optional<double> approximate(const Node& node, Budget& budget);

// To order trees by: real and imaginary part added, letters at one point, no bound on the error.
std::optional<double> estimate(const Node& node, Budget& budget);

// The value with one variable set, or several; empty where it is not real. For membership in
// solution sets.
std::optional<double> approximate_at(const Node& node, const std::string& variable,
                                     const Rational& value, Budget& budget);
std::optional<double> approximate_at(const Node& node,
                                     const std::map<std::string, Rational>& values, Budget& budget);
std::optional<Rational> exact_at(const Node& node, const std::string& variable,
                                 const Rational& value, Budget& budget);

// Equal texts for trees that compare_values calls equal, up to rounding of irrational values.
std::string value_key(const Node& node, Budget& budget);

}  // namespace assay::math
