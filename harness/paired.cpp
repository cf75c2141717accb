#include "harness/paired.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>

#include <boost/math/distributions/binomial.hpp>

namespace assay {

namespace {

// What stands under the root of Newcombe's method 10.
double half_width(double of_first, double of_second, double r) {
  const double square = of_first * of_first - 2 * r * of_first * of_second + of_second * of_second;
  return std::sqrt(std::max(0.0, square));
}

}  // namespace

double mcnemar_p(std::int64_t first_higher, std::int64_t second_higher) {
  assert(first_higher >= 0 && second_higher >= 0);
  const std::int64_t differ = first_higher + second_higher;
  if (differ == 0) {
    return 1;
  }
  const boost::math::binomial fair(static_cast<double>(differ), 0.5);
  const auto fewer = static_cast<double>(std::min(first_higher, second_higher));
  return std::min(1.0, 2 * boost::math::cdf(fair, fewer));
}

std::vector<double> holm_adjusted(const std::vector<double>& p) {
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return p[a] < p[b]; });
  std::vector<double> adjusted(p.size());
  double largest = 0;
  for (std::size_t rank = 0; rank < order.size(); ++rank) {
    const auto tests_left = static_cast<double>(order.size() - rank);
    largest = std::max(largest, std::min(1.0, tests_left * p[order[rank]]));
    adjusted[order[rank]] = largest;
  }
  return adjusted;
}

void PairTally::add(double first, double second, std::int64_t samples) {
  assert(samples >= 1);
  const double a = std::clamp(first, 0.0, 1.0);
  const double b = std::clamp(second, 0.0, 1.0);
  first_.add(a, samples);
  second_.add(b, samples);
  sum_first_ += a;
  sum_second_ += b;
  squares_first_ += a * a;
  squares_second_ += b * b;
  products_ += a * b;
  ++pairs_;
  first_higher_ += a > b ? 1 : 0;
  second_higher_ += b > a ? 1 : 0;
}

double PairTally::correlation() const {
  const auto n = static_cast<double>(pairs_);
  double numerator = n * products_ - sum_first_ * sum_second_;
  if (numerator > 0) {
    numerator = std::max(0.0, numerator - n / 2);
  }
  const double variances = (n * squares_first_ - sum_first_ * sum_first_) *
                           (n * squares_second_ - sum_second_ * sum_second_);
  constexpr double rounding = 1e-9;
  return variances <= rounding ? 0 : std::clamp(numerator / std::sqrt(variances), -1.0, 1.0);
}

std::optional<PairedDifference> PairTally::difference() const {
  const std::optional<Score> first = first_.score();
  const std::optional<Score> second = second_.score();
  if (!first || !second) {
    return std::nullopt;
  }
  PairedDifference result{.first = first->mean,
                          .second = second->mean,
                          .difference = first->mean - second->mean,
                          .pairs = pairs_,
                          .first_higher = first_higher_,
                          .second_higher = second_higher_,
                          .p = mcnemar_p(first_higher_, second_higher_)};
  const double r = correlation();
  const Interval& a = first->interval;
  const Interval& b = second->interval;
  result.interval.low =
      std::max(-1.0, result.difference - half_width(first->mean - a.low, b.high - second->mean, r));
  result.interval.high =
      std::min(1.0, result.difference + half_width(a.high - first->mean, second->mean - b.low, r));
  return result;
}

}  // namespace assay
