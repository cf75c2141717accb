#include "suites/math/equivalence_constants.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/equivalence_compare.h"

namespace assay::math {
namespace {

using Vector = std::vector<double>;

constexpr std::size_t constants_max = 3;

// C, c, C_1: called so for no other reason.
bool is_surely_arbitrary(const std::string& name) {
  const bool letter = name[0] == 'C' || name[0] == 'c';
  return letter && (name.size() == 1 || (name.size() == 3 && name[1] == '_'));
}

bool may_be_arbitrary(const std::string& name) {
  static constexpr std::string_view letters = "ABCDKcabdk";
  return is_surely_arbitrary(name) ||
         (name.size() == 1 && letters.find(name[0]) != std::string_view::npos);
}

// A formula of one variable with its constants.
struct Family {
  const Node& formula;
  std::vector<std::string> constants = {};
};

// y = .., f(x) = .., x(t) = ..: where the constants of a solution may stand anywhere.
bool gives_a_function(const Node& equation) {
  if (equation.kind != Kind::relation) return false;
  const Node& left = equation.children[0];
  return (left.kind == Kind::call && left.children.size() == 1) ||
         (left.kind == Kind::symbol && left.name == "y");
}

// The one letter that is no constant; empty where there are more or none.
std::string find_constants(Family& family, const std::set<std::string>& names,
                           const std::set<std::string>& others) {
  std::string variable;
  for (const std::string& name : names) {
    const bool shared = others.contains(name);
    if (is_surely_arbitrary(name) || (may_be_arbitrary(name) && !shared)) {
      family.constants.push_back(name);
    } else if (variable.empty()) {
      variable = name;
    } else {
      return {};
    }
  }
  return variable;
}

// What a family is at some places: f(x; 0), and f(x; 0, .., 1, ..) - f(x; 0) for each constant.
struct Samples {
  Vector offset;
  std::vector<Vector> directions;
};

class Sampler {
 public:
  Sampler(const Family& family, std::string variable, Budget& budget)
      : family_(family), variable_(std::move(variable)), budget_(budget) {
    samples_.directions.resize(family.constants.size());
  }

  // False where there is no value, or where the constants do not occur linearly.
  bool take(const Rational& x) {
    const auto at_zero = value(x, {});
    if (!at_zero) return false;
    Vector values;
    double sum = *at_zero;
    std::map<std::string, Rational> all;
    int weight = 1;
    for (const std::string& name : family_.constants) {
      const auto at_one = value(x, {{name, 1}});
      if (!at_one) return false;
      values.push_back(*at_one - *at_zero);
      all[name] = ++weight;
      sum += weight * values.back();
    }
    const auto at_all = value(x, all);
    if (!at_all || std::fabs(*at_all - sum) > 1e-8 * std::max(1.0, std::fabs(sum))) return false;
    samples_.offset.push_back(*at_zero);
    for (std::size_t i = 0; i < values.size(); ++i) samples_.directions[i].push_back(values[i]);
    return true;
  }

  void drop_last() {
    samples_.offset.pop_back();
    for (Vector& one : samples_.directions) one.pop_back();
  }

  const Samples& samples() const { return samples_; }

 private:
  std::optional<double> value(const Rational& x, std::map<std::string, Rational> constants) {
    for (const std::string& name : family_.constants) constants.try_emplace(name, 0);
    constants[variable_] = x;
    return approximate_at(family_.formula, constants, budget_);
  }

  const Family& family_;
  std::string variable_;
  Budget& budget_;
  Samples samples_;
};

double dot(const Vector& a, const Vector& b) {
  double sum = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] * b[i];
  return sum;
}

// What is left of a vector outside the span of orthonormal ones; empty where that is nothing.
Vector outside(Vector v, const std::vector<Vector>& basis) {
  const double size = std::sqrt(dot(v, v));
  for (const Vector& one : basis) {
    const double along = dot(v, one);
    for (std::size_t i = 0; i < v.size(); ++i) v[i] -= along * one[i];
  }
  const double left = std::sqrt(dot(v, v));
  if (!(left > 1e-7 * size)) return {};
  for (double& x : v) x /= left;
  return v;
}

// Empty where the directions depend on each other.
std::vector<Vector> basis_of(const std::vector<Vector>& directions) {
  std::vector<Vector> basis;
  for (const Vector& one : directions) {
    Vector next = outside(one, basis);
    if (next.empty()) return {};
    basis.push_back(std::move(next));
  }
  return basis;
}

bool are_constant(const std::vector<Vector>& directions) {
  return std::all_of(directions.begin(), directions.end(), [](const Vector& v) {
    return std::all_of(v.begin(), v.end(),
                       [&](double x) { return std::fabs(x - v[0]) <= 1e-9 * std::fabs(v[0]); });
  });
}

std::optional<bool> span_the_same(const Samples& a, const Samples& b) {
  const auto basis = basis_of(a.directions);
  if (basis.empty() || basis_of(b.directions).empty()) return std::nullopt;
  Vector apart = b.offset;
  double scale = 0;
  for (std::size_t i = 0; i < apart.size(); ++i) {
    scale = std::max({scale, std::fabs(a.offset[i]), std::fabs(b.offset[i])});
    apart[i] -= a.offset[i];
  }
  // Equal offsets leave the rounding of their difference.
  if (dot(apart, apart) > 1e-18 * scale * scale && !outside(apart, basis).empty()) return false;
  return std::all_of(b.directions.begin(), b.directions.end(),
                     [&](const Vector& one) { return outside(one, basis).empty(); });
}

}  // namespace

std::optional<Comparison> same_solutions(const Node& gold, const Node& answer, Budget& budget) {
  const bool function = gives_a_function(gold) && gives_a_function(answer);
  if (!function && (gold.kind == Kind::relation || answer.kind == Kind::relation))
    return std::nullopt;
  Family a{.formula = function ? gold.children[1] : gold};
  Family b{.formula = function ? answer.children[1] : answer};
  const auto gold_names = free_symbols(a.formula);
  const auto answer_names = free_symbols(b.formula);
  const std::string variable = find_constants(a, gold_names, answer_names);
  if (variable.empty() || variable != find_constants(b, answer_names, gold_names))
    return std::nullopt;
  const std::size_t n = a.constants.size();
  if (n == 0 || n != b.constants.size() || n > constants_max) return std::nullopt;
  const auto sure = [](const Family& family) {
    return std::all_of(family.constants.begin(), family.constants.end(), is_surely_arbitrary);
  };
  if (!function && !sure(a) && !sure(b)) return std::nullopt;
  static const std::array<Rational, 12> places = {
      Rational(1, 3),  Rational(-4, 5), Rational(7, 5), Rational(-13, 5),
      Rational(2, 7),  Rational(5, 9),  Rational(7, 2), Rational(17, 9),
      Rational(-1, 4), Rational(1, 8),  Rational(9, 2), Rational(3, 4)};
  const std::size_t wanted = n + 3;
  Sampler left(a, variable, budget);
  Sampler right(b, variable, budget);
  std::size_t taken = 0;
  for (std::size_t i = 0; i < places.size() && taken < wanted; ++i) {
    if (!left.take(places[i])) continue;
    if (right.take(places[i])) {
      ++taken;
    } else {
      left.drop_last();
    }
  }
  if (taken < wanted) return std::nullopt;
  // C V^2 / 2 is no antiderivative: C has a meaning there.
  const bool added =
      are_constant(left.samples().directions) && are_constant(right.samples().directions);
  if (!function && n == 1 && !added) return std::nullopt;
  const auto same = span_the_same(left.samples(), right.samples());
  if (!same) return std::nullopt;
  if (*same) return yes("the same functions as the constants run through all numbers");
  return no("other functions as the constants run through all numbers");
}

std::optional<Node> with_same_constant(const Node& gold, const Node& answer, Budget& budget) {
  // C alone, or AC, is what it is; C e^x is a function.
  const auto names = free_symbols(gold);
  const auto others = free_symbols(answer);
  const bool function = std::any_of(names.begin(), names.end(), [&](const std::string& name) {
    static constexpr std::string_view variables = "xytrsuz";
    return name.size() == 1 && variables.find(name[0]) != std::string_view::npos &&
           others.contains(name);
  });
  if (!function) return std::nullopt;
  const auto constant_of = [](const Node& side, const Node& other) {
    std::string found;
    const auto others = free_symbols(other);
    for (const std::string& name : free_symbols(side)) {
      if (others.contains(name)) continue;
      if (!found.empty() || !may_be_arbitrary(name)) return std::string();
      found = name;
    }
    return found;
  };
  const std::string mine = constant_of(gold, answer);
  const std::string theirs = constant_of(answer, gold);
  if (mine.empty() || theirs.empty()) return std::nullopt;
  if (!is_surely_arbitrary(mine) && !is_surely_arbitrary(theirs)) return std::nullopt;
  return substituted(answer, theirs, make_symbol(mine), budget);
}

}  // namespace assay::math
