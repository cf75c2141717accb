#include "suites/math/expression/evaluate.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdio>

#include <fmt/core.h>

#include "suites/math/expression/exact.h"
#include "suites/math/expression/modular.h"
#include "suites/math/expression/numeric.h"
#include "suites/math/expression/points.h"

namespace assay::math {

namespace {

bool mentions_i(const Node& node) {
  return contains(node, [](const Node& n) { return n.kind == Kind::constant && n.name == "i"; });
}

struct Tally {
  bool complex = false;  // values that are not real count as well
  int equal = 0;
  int exact = 0;
  int complex_equal = 0;
  int undefined = 0;
};

Same at_point(const Node& a, const Node& b, Point& point, Tally& tally, Budget& budget) {
  const Exact x = evaluate_exact(a, point, budget);
  const Exact y = x.status == Status::ok ? evaluate_exact(b, point, budget) : Exact{};
  if (x.status == Status::ok && y.status == Status::ok) {
    const bool real = x.im == 0 && y.im == 0 && !point.left_reals;
    const bool same = x.re == y.re && x.im == y.im;
    if (!same) return real || tally.complex ? Same::no : Same::unknown;
    ++tally.equal;
    ++tally.exact;
    return Same::yes;
  }
  if (x.status == Status::undefined || y.status == Status::undefined) {
    ++tally.undefined;
    return Same::unknown;
  }
  if (const auto equal = equal_modulo_primes(a, b, point, budget)) {
    if (!*equal) return Same::no;
    ++tally.equal;
    return Same::yes;
  }
  Measured fast = compare_numeric(a, b, point, Precision::fast, budget);
  // Two points at 30 digits settle an identity; the others need no more than 9. Where there is no
  // real value more digits tell nothing.
  const bool settled = tally.equal >= 2 && fast.agreement == Agreement::close;
  const bool beside = fast.undefined || (point.left_reals && !tally.complex);
  if (fast.agreement != Agreement::apart && !settled && !beside) {
    fast = compare_numeric(a, b, point, Precision::high, budget);
  }
  if (fast.agreement == Agreement::incomparable) return Same::unknown;
  const bool real = fast.a_real && fast.b_real && !point.left_reals;
  if (fast.agreement == Agreement::close) {
    ++(real || tally.complex ? tally.equal : tally.complex_equal);
    return Same::yes;
  }
  if (real || tally.complex) return Same::no;
  --tally.complex_equal;
  return Same::unknown;
}

}  // namespace

Comparison compare_values(const Node& a, const Node& b, Budget& budget) {
  std::set<std::string> names = free_symbols(a);
  names.merge(free_symbols(b));
  const bool constant = names.empty();
  Tally tally{.complex = constant || mentions_i(a) || mentions_i(b)};
  const Points points(a, b, names);
  const int enough = points.enough();
  const std::int64_t point_ns = 300 + 700 * static_cast<std::int64_t>(names.size());
  for (int i = 0; i < points.count() && tally.equal < enough && budget.spend(point_ns); ++i) {
    Point point = points.at(i);
    if (at_point(a, b, point, tally, budget) == Same::no) {
      return {Same::no, constant ? "the values differ" : "they differ at a test point"};
    }
  }
  // An identity at some of the points only is none yet.
  if (tally.equal < enough && budget.left_ns <= 0) return {Same::unknown, "too costly to compute"};
  const bool beside = tally.equal >= 2 && tally.equal + tally.complex_equal >= points.wanted();
  if (beside || tally.equal >= points.wanted() || (tally.equal >= 1 && tally.undefined >= 2)) {
    if (tally.exact == tally.equal) {
      return {Same::yes, constant ? "exactly the same value"
                                  : "an identity, tested exactly at several points"};
    }
    return {Same::yes, constant ? "the same value to 30 digits"
                                : "an identity, tested to 30 digits at several points"};
  }
  if (tally.equal == 0 && tally.complex_equal >= 3)
    return {Same::yes, "an identity over the complex numbers"};
  if (tally.equal == 0 && tally.complex_equal < -2)
    return {Same::no, "they differ over the complex numbers"};
  return {Same::unknown, "the value cannot be computed"};
}

int constant_ratio_sign(const Node& a, const Node& b, Budget& budget) {
  std::optional<Rational> exact_ratio;
  std::optional<double> ratio;
  int compared = 0;
  const auto fits = [&](double q) {
    const bool same = !ratio || !(std::fabs(*ratio - q) > 1e-9 * std::fabs(q));
    ratio = q;
    ++compared;
    return same;
  };
  std::set<std::string> names = free_symbols(a);
  names.merge(free_symbols(b));
  const Points points(a, b, names);
  const int enough = std::max(points.enough(), 4);
  for (int i = 0; i < points.count() && compared < enough; ++i) {
    Point point = points.at(i);
    const Exact x = evaluate_exact(a, point, budget);
    const Exact y = evaluate_exact(b, point, budget);
    if (x.status == Status::ok && y.status == Status::ok && x.im == 0 && y.im == 0) {
      if ((x.re == 0) != (y.re == 0)) return 0;
      if (y.re == 0) continue;
      const Rational q = x.re / y.re;
      if (exact_ratio && *exact_ratio != q) return 0;
      exact_ratio = q;
      if (!fits(q.convert_to<double>())) return 0;
      continue;
    }
    constexpr double negligible = 1e-9;
    const Numeric v = evaluate_numeric(b, point, budget, negligible);
    if (v.status != Status::ok || std::fabs(v.re) < negligible) continue;
    const Numeric u = evaluate_numeric(a, point, budget);
    if (u.status != Status::ok || std::fabs(u.im) > negligible || std::fabs(v.im) > negligible)
      continue;
    if (!fits(u.re / v.re)) return 0;
  }
  // At points that were never reached it might be another one.
  if (compared < enough && budget.left_ns <= 0) return 0;
  if (compared < 2 || !ratio || *ratio == 0) return 0;
  return *ratio > 0 ? 1 : -1;
}

std::optional<Rational> exact_value(const Node& node, Budget& budget) {
  if (!free_symbols(node).empty()) return std::nullopt;
  Point point;
  const Exact value = evaluate_exact(node, point, budget);
  if (value.status != Status::ok || value.im != 0) return std::nullopt;
  return value.re;
}

std::optional<double> approximate(const Node& node, Budget& budget) {
  if (!free_symbols(node).empty()) return std::nullopt;
  Point point;
  const Numeric value = evaluate_numeric(node, point, budget);
  if (value.status != Status::ok || std::fabs(value.im) > value.error * 4) return std::nullopt;
  return value.re;
}

std::optional<double> estimate(const Node& node, Budget& budget) {
  Point point{.positive = true};
  return estimate_numeric(node, point, budget);
}

std::optional<double> approximate_at(const Node& node,
                                     const std::map<std::string, Rational>& values,
                                     Budget& budget) {
  Point point;
  point.bound = values;
  const Numeric result = evaluate_numeric(node, point, budget);
  if (result.status != Status::ok || std::fabs(result.im) > result.error * 4) return std::nullopt;
  return result.re;
}

std::optional<double> approximate_at(const Node& node, const std::string& variable,
                                     const Rational& value, Budget& budget) {
  return approximate_at(node, {{variable, value}}, budget);
}

std::optional<Rational> exact_at(const Node& node, const std::string& variable,
                                 const Rational& value, Budget& budget) {
  Point point;
  point.bound[variable] = value;
  const Exact result = evaluate_exact(node, point, budget);
  if (result.status != Status::ok || result.im != 0) return std::nullopt;
  return result.re;
}

namespace {

// Twelve digits, so that a half is the same text whether it was computed exactly or not.
std::string key_of(double value) {
  return fmt::format("{:.12g}", value == 0 ? 0.0 : value);
}
std::string key_of(const Rational& value) {
  const double rounded = value.convert_to<double>();
  const bool fits = std::isfinite(rounded) && (rounded != 0 || value == 0);
  return denominator(value) == 1 || !fits ? value.str() : key_of(rounded);
}

}  // namespace

std::string value_key(const Node& node, Budget& budget) {
  const auto names = free_symbols(node);
  const bool constant = names.empty();
  const Points points(node, node, names);
  std::string key;
  for (int i = 0; i < (constant ? 1 : 2); ++i) {
    Point point = points.at(i);
    const Exact exact = evaluate_exact(node, point, budget);
    if (!key.empty()) key += ';';
    if (exact.status == Status::ok) {
      key += key_of(exact.re);
      if (exact.im != 0) key += "+i" + key_of(exact.im);
      continue;
    }
    const Numeric value = evaluate_numeric(node, point, budget);
    if (value.status != Status::ok) return "=" + render(node);
    key += key_of(value.re);
    if (std::fabs(value.im) > value.error * 4) key += "+i" + key_of(value.im);
  }
  return (constant ? "" : "f:") + key;
}

}  // namespace assay::math
