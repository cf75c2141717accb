#include "harness/statistics.h"

#include <cmath>
#include <random>

#include "tests/catch.h"

using assay::Distribution;
using assay::QuestionTally;
using assay::RunningScore;
using assay::Score;
using assay::ScoreTally;
using assay::SummaryTally;

namespace {

Score score_of(int right, int n) {
  ScoreTally tally;
  for (int i = 0; i < n; ++i) {
    tally.add(i < right ? 1 : 0);
  }
  return tally.score().value();
}

// How often the interval of `questions` x `k` answers holds the true score, when each question has
// a difficulty of its own.
double coverage(int questions, int k, double share_hard) {
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> uniform(0, 1);
  constexpr double p_hard = 0.1;
  constexpr double p_easy = 0.95;
  const double truth = share_hard * p_hard + (1 - share_hard) * p_easy;
  constexpr int repeats = 1500;
  int held = 0;
  for (int repeat = 0; repeat < repeats; ++repeat) {
    ScoreTally tally;
    for (int question = 0; question < questions; ++question) {
      const double p = uniform(random) < share_hard ? p_hard : p_easy;
      int right = 0;
      for (int sample = 0; sample < k; ++sample) {
        right += uniform(random) < p ? 1 : 0;
      }
      tally.add(static_cast<double>(right) / k, k);
    }
    const Score score = tally.score().value();
    held += score.interval.low <= truth && truth <= score.interval.high ? 1 : 0;
  }
  return static_cast<double>(held) / repeats;
}

}  // namespace

TEST_CASE("Wilson's interval has the values of the literature") {
  // R. G. Newcombe, Statistics in Medicine 17, 1998, table I, method 3.
  const auto check = [](double right, double n, double low, double high) {
    const assay::Interval interval = assay::wilson_interval(right, n);
    CHECK(interval.low == Approx(low).margin(5e-5));
    CHECK(interval.high == Approx(high).margin(5e-5));
  };
  check(81, 263, 0.2553, 0.3662);
  check(15, 148, 0.0624, 0.1605);
  check(0, 20, 0, 0.1611);
  check(1, 29, 0.0061, 0.1718);
}

TEST_CASE("one right or wrong answer a question gives Wilson's interval") {
  for (const auto& [right, n] : {std::pair{0, 10}, {10, 10}, {1, 1}, {0, 1}, {700, 1319}}) {
    CHECK(score_of(right, n).interval == assay::wilson_interval(right, n));
  }
  CHECK(score_of(10, 10).interval.high == 1);
  CHECK(score_of(0, 10).interval.low == 0);
  CHECK_FALSE(ScoreTally().score().has_value());
}

TEST_CASE("many answers to one question do not narrow the interval over questions") {
  ScoreTally tally;
  tally.add(1, 64);
  CHECK(tally.score()->interval == assay::wilson_interval(1, 1));
  for (int i = 0; i < 29; ++i) {
    tally.add(1, 64);
  }
  CHECK(tally.score()->interval == assay::wilson_interval(30, 30));
  CHECK(tally.score()->samples == 1920);
}

TEST_CASE("the clustered standard error is that of the questions' means") {
  ScoreTally tally;
  for (const double mean : {0.25, 0.5, 1.0, 0.75}) {
    tally.add(mean, 4);
  }
  const Score score = tally.score().value();
  CHECK(score.mean == Approx(0.625));
  CHECK(score.standard_error == Approx(std::sqrt(0.3125 / 3 / 4)));  // by hand
  CHECK(score.interval.low > 0);
  CHECK(score.interval.high < 1);
}

TEST_CASE("equal graded scores keep an interval as wide as that many questions deserve") {
  ScoreTally tally;
  for (int i = 0; i < 100'000; ++i) {
    tally.add(0.1);
  }
  CHECK(tally.score()->standard_error == 0);
  CHECK(tally.score()->interval.high - tally.score()->interval.low > 0.003);
}

TEST_CASE("the 95 % interval holds the truth about 95 times in 100") {
  CHECK(coverage(30, 1, 0.5) > 0.92);
  CHECK(coverage(30, 8, 0.5) > 0.92);
  CHECK(coverage(30, 8, 0.5) < 0.98);
  CHECK(coverage(200, 4, 0.3) > 0.93);
  CHECK(coverage(200, 4, 0.3) < 0.97);
  CHECK(coverage(12, 16, 0.2) > 0.90);
}

TEST_CASE("a running score equals the score of the finished run in whatever order samples came") {
  std::vector<std::pair<std::size_t, double>> samples;
  SummaryTally whole;
  for (std::size_t position = 0; position < 50; ++position) {
    QuestionTally question;
    for (int sample = 0; sample < 3; ++sample) {
      const double value = (position * 7 + static_cast<std::size_t>(sample) * 5) % 3 == 0 ? 1 : 0;
      samples.emplace_back(position, value);
      question.add(value, "");
    }
    whole.add(question);
  }
  std::shuffle(samples.begin(), samples.end(), std::mt19937_64(3));
  RunningScore running;
  CHECK_FALSE(running.score().has_value());
  for (const auto& [position, value] : samples) {
    running.add(position, value);
  }
  const Score expected = whole.summary().mean.value();
  CHECK(running.score()->mean == Approx(expected.mean));
  CHECK(running.score()->standard_error == Approx(expected.standard_error));
  CHECK(running.score()->interval.low == Approx(expected.interval.low));
  CHECK(running.score()->questions == 50);
  CHECK(running.score()->samples == 150);
}

TEST_CASE("pass@k is the chance that k drawn without replacement hold a right one") {
  const auto choose = [](int n, int k) {
    double ways = 1;
    for (int i = 1; i <= k; ++i) {
      ways = ways * (n - k + i) / i;
    }
    return k > n ? 0 : ways;
  };
  for (int n = 1; n <= 20; ++n) {
    for (int c = 0; c <= n; ++c) {
      for (int k = 1; k <= n; ++k) {
        INFO(n << " " << c << " " << k);
        const double wrong = n - c < k ? 0 : choose(n - c, k) / choose(n, k);
        CHECK(assay::pass_at_k(n, c, k) == Approx(1 - wrong).margin(1e-12));
      }
    }
  }
  // Where the binomial coefficients themselves would overflow.
  CHECK(assay::pass_at_k(100'000, 1, 50'000) == Approx(0.5));
}

TEST_CASE("samples that failed are counted apart and never wrong") {
  QuestionTally question;
  question.add(1.0, "7");
  question.add(std::nullopt, "");
  question.add(std::nan(""), "8");
  CHECK(question.mean() == 1.0);
  CHECK(question.scored() == 1);
  CHECK(question.unscored() == 2);
  CHECK(question.pass_at(1) == 1.0);
  CHECK_FALSE(question.pass_at(2).has_value());

  QuestionTally lost;
  lost.add(std::nullopt, "");
  CHECK_FALSE(lost.mean().has_value());
  CHECK_FALSE(lost.consensus().has_value());

  SummaryTally tally({1, 2});
  tally.add(question);
  tally.add(lost);
  const assay::ScoreSummary summary = tally.summary();
  CHECK(summary.mean->questions == 1);
  CHECK(summary.mean->mean == 1);
  CHECK(summary.samples_unscored == 3);
  CHECK(summary.questions_unscored == 1);
  CHECK(summary.pass_at[0].score->questions == 1);
  CHECK(summary.pass_at[0].questions_short == 1);
  CHECK_FALSE(summary.pass_at[1].score.has_value());
  CHECK(summary.pass_at[1].questions_short == 2);
}

TEST_CASE("the majority of readable answers decides the consensus") {
  QuestionTally question;
  question.add(1, "12");
  question.add(1, "12");
  question.add(0, "13");
  for (int i = 0; i < 5; ++i) {
    question.add(0, "");  // no answer found: abstains
  }
  CHECK(question.consensus() == 1.0);
}

TEST_CASE("tied answers share the credit, whatever their order") {
  QuestionTally question;
  question.add(1, "a");
  question.add(0, "b");
  CHECK(question.consensus() == 0.5);
  question.add(0, "c");
  CHECK(question.consensus() == Approx(1.0 / 3));
  question.add(0, "c");
  CHECK(question.consensus() == 0.0);
  question.clear();
  question.add(0, "");
  CHECK(question.consensus() == 0.0);  // answered, but there is no answer
}

TEST_CASE("the summary of a run names pass@k and consensus only for repeated questions") {
  CHECK(assay::pass_at_choices(1).empty());
  CHECK(assay::pass_at_choices(4) == std::vector<int>{1, 4});
  CHECK(assay::pass_at_choices(64) == std::vector<int>{1, 5, 10, 50, 64});
  SummaryTally tally;
  QuestionTally once;
  once.add(1, "a");
  tally.add(once);
  CHECK_FALSE(tally.summary().consensus.has_value());
  once.add(0, "b");
  tally.add(once);
  CHECK(tally.summary().consensus->mean == 0.75);
}

TEST_CASE("quantiles interpolate as NumPy does") {
  Distribution values;
  CHECK_FALSE(values.quantile(0.5).has_value());
  for (const double value : {15.0, 20.0, 35.0, 40.0, 50.0}) {
    values.add(value);
  }
  values.add(std::nan(""));
  CHECK(values.count() == 5);
  CHECK(values.mean() == 32.0);
  CHECK(values.quantile(0.4)->value == Approx(29));
  CHECK(values.quantile(0)->value == 15);
  CHECK(values.quantile(1)->value == 50);
  values.add(1);
  CHECK(values.quantile(0)->value == 1);
}

TEST_CASE("a quantile has an interval only where there are values enough") {
  Distribution values;
  for (int i = 1; i <= 367; ++i) {
    values.add(i);
  }
  CHECK(values.quantile(0.5)->interval.has_value());
  CHECK_FALSE(values.quantile(0.99)->interval.has_value());
  values.add(368);
  CHECK(values.quantile(0.99)->interval->high == 368);
  // The textbook ranks of a median of 100: 40 and 61.
  Distribution hundred;
  for (int i = 1; i <= 100; ++i) {
    hundred.add(i);
  }
  CHECK(hundred.quantile(0.5)->interval == assay::Interval{.low = 40, .high = 61});
}
