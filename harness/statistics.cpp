#include "harness/statistics.h"

#include <algorithm>
#include <cassert>
#include <cmath>

#include <boost/math/distributions/binomial.hpp>
#include <boost/math/distributions/students_t.hpp>

namespace assay {

namespace {

constexpr double z = 1.959963984540054;  // of the normal distribution at 0.975
constexpr double tail = 0.025;

double clamp_unit(double value) {
  return std::clamp(value, 0.0, 1.0);
}

// n of ScoreTally's head comment.
double effective_size(double mean, double standard_error, std::int64_t questions) {
  const double variance = standard_error * standard_error;
  const double binomial = mean * (1 - mean);
  // Questions that all score alike say that the spread is small, not that it is nothing.
  if (questions < 2 || variance <= 0 || binomial <= 0) {
    return static_cast<double>(questions);
  }
  const boost::math::students_t student(static_cast<double>(questions - 1));
  const double t = boost::math::quantile(boost::math::complement(student, tail));
  return binomial / variance * (z / t) * (z / t);
}

}  // namespace

Interval wilson_interval(double right, double n) {
  assert(n > 0 && right >= 0 && right <= n);
  const double p = right / n;
  const double shrink = 1 + z * z / n;
  const double centre = (p + z * z / (2 * n)) / shrink;
  const double half = z * std::sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / shrink;
  // At 0/n and n/n the end is exactly 0 or 1, which rounding would miss.
  return {.low = right <= 0 ? 0 : std::max(0.0, centre - half),
          .high = right >= n ? 1 : std::min(1.0, centre + half)};
}

void ScoreTally::add(double mean, std::int64_t samples) {
  assert(samples >= 1);
  const double value = clamp_unit(mean);
  sum_ += value;
  squares_ += value * value;
  ++questions_;
  samples_ += samples;
  whole_ += samples == 1 && (value == 0 || value == 1) ? 1 : 0;
}

void ScoreTally::remove(double mean, std::int64_t samples) {
  assert(samples >= 1 && questions_ >= 1);
  const double value = clamp_unit(mean);
  sum_ -= value;
  squares_ -= value * value;
  --questions_;
  samples_ -= samples;
  whole_ -= samples == 1 && (value == 0 || value == 1) ? 1 : 0;
}

std::optional<Score> ScoreTally::score() const {
  if (questions_ == 0) {
    return std::nullopt;
  }
  const auto n = static_cast<double>(questions_);
  Score score{.mean = clamp_unit(sum_ / n), .questions = questions_, .samples = samples_};
  if (questions_ > 1) {
    const double spread = squares_ - n * score.mean * score.mean;
    // What the subtraction's rounding could leave of equal scores is no spread.
    constexpr double noise = 1e-10;
    score.standard_error = spread <= noise * n ? 0 : std::sqrt(spread / (n - 1) / n);
  }
  const bool binary = whole_ == questions_;
  const double size = binary ? n : effective_size(score.mean, score.standard_error, questions_);
  score.interval = wilson_interval(std::min(score.mean * size, size), size);
  return score;
}

void RunningScore::add(std::size_t position, double value) {
  if (position >= questions_.size()) {
    questions_.resize(position + 1);
  }
  Question& question = questions_[position];
  if (question.samples > 0) {
    tally_.remove(question.sum / static_cast<double>(question.samples), question.samples);
  }
  question.sum += clamp_unit(value);
  ++question.samples;
  tally_.add(question.sum / static_cast<double>(question.samples), question.samples);
}

double pass_at_k(std::int64_t n, std::int64_t c, std::int64_t k) {
  assert(0 <= c && c <= n && 1 <= k && k <= n);
  if (n - c < k) {
    return 1;
  }
  double all_wrong = 1;
  for (std::int64_t i = n - c + 1; i <= n; ++i) {
    all_wrong *= 1 - static_cast<double>(k) / static_cast<double>(i);
  }
  return 1 - all_wrong;
}

void QuestionTally::add(std::optional<double> value, std::string_view vote) {
  if (!value || !std::isfinite(*value)) {
    ++unscored_;
    return;
  }
  const double score = clamp_unit(*value);
  ++scored_;
  sum_ += score;
  right_ += score == 1 ? 1 : 0;
  if (!vote.empty()) {
    auto found = votes_.find(vote);
    if (found == votes_.end()) {
      found = votes_.emplace(std::string(vote), Votes{}).first;
    }
    ++found->second.count;
    found->second.sum += score;
  }
}

void QuestionTally::clear() {
  *this = QuestionTally();
}

std::optional<double> QuestionTally::mean() const {
  if (scored_ == 0) {
    return std::nullopt;
  }
  return sum_ / static_cast<double>(scored_);
}

std::optional<double> QuestionTally::pass_at(int k) const {
  if (scored_ < k) {
    return std::nullopt;
  }
  return pass_at_k(scored_, right_, k);
}

std::optional<double> QuestionTally::consensus() const {
  if (scored_ == 0) {
    return std::nullopt;
  }
  std::int64_t most = 0;
  std::int64_t tied = 0;
  double sum = 0;
  for (const auto& [vote, votes] : votes_) {
    if (votes.count > most) {
      most = votes.count;
      tied = 0;
      sum = 0;
    }
    if (votes.count == most) {
      ++tied;
      sum += votes.sum / static_cast<double>(votes.count);
    }
  }
  return tied == 0 ? 0 : sum / static_cast<double>(tied);
}

SummaryTally::SummaryTally(const std::vector<int>& pass_at_k) {
  for (const int k : pass_at_k) {
    pass_.push_back({.k = k});
  }
}

void SummaryTally::add(const QuestionTally& question) {
  samples_unscored_ += question.unscored();
  repeated_ = repeated_ || question.samples() > 1;
  const std::optional<double> mean = question.mean();
  if (mean) {
    mean_.add(*mean, question.scored());
    consensus_.add(*question.consensus(), question.scored());
  } else {
    ++questions_unscored_;
  }
  for (Pass& pass : pass_) {
    if (const std::optional<double> value = question.pass_at(pass.k)) {
      pass.tally.add(*value, question.scored());
    } else {
      ++pass.questions_short;
    }
  }
}

ScoreSummary SummaryTally::summary() const {
  ScoreSummary summary{.mean = mean_.score(),
                       .samples_unscored = samples_unscored_,
                       .questions_unscored = questions_unscored_};
  for (const Pass& pass : pass_) {
    summary.pass_at.push_back(
        {.k = pass.k, .score = pass.tally.score(), .questions_short = pass.questions_short});
  }
  if (repeated_) {
    summary.consensus = consensus_.score();
  }
  return summary;
}

std::vector<int> pass_at_choices(int samples) {
  if (samples <= 1) {
    return {};
  }
  std::vector<int> choices;
  for (const int k : {1, 5, 10, 50, 100}) {
    if (k < samples) {
      choices.push_back(k);
    }
  }
  choices.push_back(samples);
  return choices;
}

void Distribution::add(double value) {
  if (!std::isfinite(value)) {
    return;
  }
  sorted_ = sorted_ && (values_.empty() || values_.back() <= value);
  values_.push_back(value);
  sum_ += value;
}

std::optional<double> Distribution::mean() const {
  if (values_.empty()) {
    return std::nullopt;
  }
  return sum_ / static_cast<double>(values_.size());
}

std::optional<Quantile> Distribution::quantile(double q) {
  assert(q >= 0 && q <= 1);
  if (values_.empty()) {
    return std::nullopt;
  }
  if (!sorted_) {
    std::sort(values_.begin(), values_.end());
    sorted_ = true;
  }
  const auto n = static_cast<double>(values_.size());
  const double place = (n - 1) * q;
  const auto below = static_cast<std::size_t>(place);
  const std::size_t above = std::min(below + 1, values_.size() - 1);
  const double share = place - static_cast<double>(below);
  Quantile result{.q = q, .value = values_[below] + share * (values_[above] - values_[below])};

  if (q <= 0 || q >= 1) {
    return result;
  }
  // With B of (n, q) values below the quantile, it lies between the order statistics of ranks l
  // and u (from 1) unless B < l or B >= u. An interval exists when the extremes themselves do.
  const boost::math::binomial binomial(n, q);
  const bool low_exists = boost::math::cdf(binomial, 0) <= tail;
  const bool high_exists = boost::math::cdf(boost::math::complement(binomial, n - 1)) <= tail;
  if (low_exists && high_exists) {
    // The largest l with P(B <= l-1) <= tail, the smallest u with P(B >= u) <= tail.
    double l = std::max(1.0, std::floor(boost::math::quantile(binomial, tail)) + 1);
    while (l > 1 && boost::math::cdf(binomial, l - 1) > tail) {
      --l;
    }
    double u =
        std::min(n, std::ceil(boost::math::quantile(boost::math::complement(binomial, tail))));
    while (u < n && boost::math::cdf(boost::math::complement(binomial, u - 1)) > tail) {
      ++u;
    }
    result.interval = Interval{.low = values_[static_cast<std::size_t>(l) - 1],
                               .high = values_[static_cast<std::size_t>(u) - 1]};
  }
  return result;
}

}  // namespace assay
