// Two answers to each of a set of questions, compared question by question: another model, another
// server, another language, or a control beside its probe.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "harness/statistics.h"

namespace assay {

struct PairedDifference {
  double first = 0;       // mean over pairs
  double second = 0;      // mean over pairs
  double difference = 0;  // first - second, -1 .. 1
  Interval interval;      // of the difference, 95 %
  std::int64_t pairs = 0;
  std::int64_t first_higher = 0;
  std::int64_t second_higher = 0;
  double p = 1;  // of no difference, two-sided: mcnemar_p
};

// The exact conditional test of Q. McNemar (Psychometrika 12, 1947): under no difference the pairs
// that differ fall either way with probability 1/2, so p = min(1, 2 P(X <= min(b, c))) with X
// binomial of (b + c, 1/2). It keeps its level for any number of pairs (it errs on the side of
// saying nothing). 1 where no pair differs. REQUIRES: both >= 0.
double mcnemar_p(std::int64_t first_higher, std::int64_t second_higher);

// Adjusts the p of several tests that were made together; in their order: S. Holm, Scand. J.
// Stat. 6, 1979. Comparing each with alpha keeps the chance of any false alarm at alpha or below,
// however the tests depend on each other.
std::vector<double> holm_adjusted(const std::vector<double>& p);

// Accumulates pairs in any order, some 150 bytes in all. With one answer a question, values are 0
// or 1; otherwise they are the mean over a question's answers, and McNemar's test is the sign test
// on which side is higher.
//
// Interval of the difference: R. G. Newcombe's method 10 (Statistics in Medicine 17, 1998, 2635),
//   low  = d - sqrt(dl1² - 2 r dl1 du2 + du2²),  dl = mean - low end, du = high end - mean
//   high = d + sqrt(du1² - 2 r du1 dl2 + dl2²)
// from the intervals of the two means (ScoreTally: Wilson's for one answer each), with r the
// correlation between the sides, its numerator moved towards 0 by 1/2n where it is positive. For
// values between 0 and 1 it is the same formula (MOVER: G. Y. Zou, A. Donner, Statistics in
// Medicine 27, 2008). It stays in [-1, 1] and does not vanish where no pair differs.
class PairTally {
 public:
  // Both in [0, 1]; `samples` answers stand behind each. REQUIRES: samples >= 1.
  void add(double first, double second, std::int64_t samples = 1);

  std::optional<PairedDifference> difference() const;  // empty for no pairs

 private:
  double correlation() const;

  ScoreTally first_;
  ScoreTally second_;
  double sum_first_ = 0;
  double sum_second_ = 0;
  double squares_first_ = 0;
  double squares_second_ = 0;
  double products_ = 0;
  std::int64_t pairs_ = 0;
  std::int64_t first_higher_ = 0;
  std::int64_t second_higher_ = 0;
};

}  // namespace assay
