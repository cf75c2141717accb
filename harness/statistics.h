// Scores with intervals, pass@k, cons@k and quantiles, as accumulators that hold little memory.
//
// The unit of statistics is the question, not the sample: k answers to one question say less about
// a model than k questions. Every score is the mean over questions of each question's own mean, and
// its noise is the spread between questions.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assay {

struct Interval {
  double low = 0;
  double high = 0;
  bool operator==(const Interval&) const = default;
};

// Wilson's score interval for `right` of `n` (E. B. Wilson, JASA 22, 1927), 95 % two-sided:
//   (p + z²/2n ± z sqrt(p(1-p)/n + z²/4n²)) / (1 + z²/n),  z = 1.95996
// Stays inside [0, 1] and keeps its width at 0/n and n/n. Both may be fractional, as an effective
// sample size is. REQUIRES: 0 <= right <= n, n > 0.
Interval wilson_interval(double right, double n);

struct Score {
  double mean = 0;            // over questions, of the mean of each question's scored samples
  Interval interval;          // 95 %
  double standard_error = 0;  // of the mean, clustered by question
  std::int64_t questions = 0;
  std::int64_t samples = 0;  // scored ones
};

// Accumulates questions, in any order, 56 bytes in all.
//
// Interval. One sample a question, each 0 or 1: Wilson's. Otherwise the standard error is clustered
// by question (with equal weights the sandwich estimator with G/(G-1) is the standard deviation of
// the questions' means over sqrt(G); compare E. Miller, "Adding Error Bars to Evals", 2024, 2.2)
// and the interval is Wilson's at the effective sample size
//   n = p(1-p) / se² · (z / t)²,  t of Student's distribution with G-1 degrees of freedom
// (E. L. Korn, B. I. Graubard, Survey Methodology 24, 1998; compared by N. Dean, M. Pagano, J.
// Surv. Stat. Methodol. 3, 2015), so that it too stays in [0, 1] and does not shrink to nothing
// when every question scores alike: then, and for one question, n is the number of questions.
class ScoreTally {
 public:
  // A question's mean over its `samples` scored samples. `mean` is clamped to [0, 1].
  // REQUIRES: samples >= 1.
  void add(double mean, std::int64_t samples = 1);

  // Takes a question's earlier contribution back, so that a running score can follow samples that
  // come in any order.
  void remove(double mean, std::int64_t samples = 1);

  std::optional<Score> score() const;  // empty where nothing was scored

 private:
  double sum_ = 0;
  double squares_ = 0;
  std::int64_t questions_ = 0;
  std::int64_t samples_ = 0;
  std::int64_t whole_ = 0;  // questions with one sample that is 0 or 1
};

// The score of a run that is still going: samples in any order, 16 bytes a question.
class RunningScore {
 public:
  // `position` of the question in the run, from 0.
  void add(std::size_t position, double value);
  std::optional<Score> score() const { return tally_.score(); }

 private:
  struct Question {
    double sum = 0;
    std::int64_t samples = 0;
  };
  std::vector<Question> questions_;
  ScoreTally tally_;
};

// The probability that at least one of k answers drawn without replacement from n is right when c
// of the n are: 1 - C(n-c, k) / C(n, k) = 1 - prod_{i = n-c+1 .. n} (1 - k/i), unbiased for pass@k
// (M. Chen et al., arXiv 2107.03374, section 2.1; openai/human-eval `estimate_pass_at_k`).
// REQUIRES: 0 <= c <= n, 1 <= k <= n.
double pass_at_k(std::int64_t n, std::int64_t c, std::int64_t k);

// The samples of one question.
//
// pass@k counts a sample as right when its value is 1. Samples that failed or could not be scored
// are left out and counted, never wrong.
//
// cons@k, majority voting over the `vote` keys of the scored samples:
// - An empty vote (no answer found in the text) abstains. A crowd of answers that cannot be read
//   does not outvote a readable one, because a person who takes the most frequent answer could not
//   choose "none" either.
// - Where several answers tie for the most votes, the question scores the mean of their values:
//   the expected value of picking one of them at random. Taking the first seen, as others do, would
//   make the score depend on the order of the samples.
// - A question whose scored samples all abstain is wrong: it was answered, and there is no answer.
// - A question without any scored sample has no consensus and is left out.
// - Fewer than k scored samples vote among themselves.
class QuestionTally {
 public:
  void add(std::optional<double> value, std::string_view vote);
  void clear();

  std::int64_t samples() const { return scored_ + unscored_; }
  std::int64_t scored() const { return scored_; }
  std::int64_t unscored() const { return unscored_; }
  std::int64_t right() const { return right_; }

  std::optional<double> mean() const;          // of the scored samples
  std::optional<double> pass_at(int k) const;  // empty where fewer than k were scored
  std::optional<double> consensus() const;     // empty where none was scored

 private:
  struct Votes {
    std::int64_t count = 0;
    double sum = 0;  // of the values: equivalent answers should agree, and where not they share
  };
  std::map<std::string, Votes, std::less<>> votes_;
  double sum_ = 0;
  std::int64_t scored_ = 0;
  std::int64_t unscored_ = 0;
  std::int64_t right_ = 0;
};

struct PassAt {
  int k = 1;
  std::optional<Score> score;        // over the questions with at least k scored samples
  std::int64_t questions_short = 0;  // had fewer, and are left out
};

// What a set of questions scores.
struct ScoreSummary {
  std::optional<Score> mean;
  std::vector<PassAt> pass_at;
  std::optional<Score> consensus;  // only where some question has more than one sample
  std::int64_t samples_unscored = 0;
  std::int64_t questions_unscored = 0;  // without any scored sample
};

// A whole run in one pass: memory does not grow with the number of questions.
class SummaryTally {
 public:
  explicit SummaryTally(const std::vector<int>& pass_at_k = {});

  void add(const QuestionTally& question);
  ScoreSummary summary() const;

 private:
  struct Pass {
    int k = 1;
    ScoreTally tally;
    std::int64_t questions_short = 0;
  };
  ScoreTally mean_;
  ScoreTally consensus_;
  std::vector<Pass> pass_;
  bool repeated_ = false;
  std::int64_t samples_unscored_ = 0;
  std::int64_t questions_unscored_ = 0;
};

// The k of pass@k worth showing for runs of `samples` answers a question: 1, 5, 10, 50, 100 as far
// as they go, and `samples` itself; empty for 1.
std::vector<int> pass_at_choices(int samples);

struct Quantile {
  double q = 0.5;
  double value = 0;
  // 95 % by order statistics: the ranks that the binomial distribution of (n, q) brackets. Empty
  // where n is too small for the interval to exist, as for p99 of fewer than 368 values.
  std::optional<Interval> interval;
};

// Exact quantiles, 8 bytes a value.
class Distribution {
 public:
  // A value that is not finite is left out.
  void add(double value);

  std::int64_t count() const { return static_cast<std::int64_t>(values_.size()); }
  std::optional<double> mean() const;

  // Linear interpolation between order statistics at h = (n-1)q: type 7 of R. J. Hyndman and
  // Y. Fan, The American Statistician 50, 1996, the default of NumPy and R. Empty for no values.
  // REQUIRES: 0 <= q <= 1. Sorts once, and again only after further values.
  std::optional<Quantile> quantile(double q);

 private:
  std::vector<double> values_;
  double sum_ = 0;
  bool sorted_ = true;
};

}  // namespace assay
