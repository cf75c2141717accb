#include "harness/paired.h"

#include <cmath>
#include <cstdint>

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

struct Table {
  int both = 0;
  int first_only = 0;
  int second_only = 0;
  int neither = 0;
};

PairedDifference difference_of(const Table& table) {
  PairTally tally;
  const auto add = [&](int count, double first, double second) {
    for (int i = 0; i < count; ++i) {
      tally.add(first, second);
    }
  };
  add(table.both, 1, 1);
  add(table.first_only, 1, 0);
  add(table.second_only, 0, 1);
  add(table.neither, 0, 0);
  return tally.difference().value();
}

// Small, and the same on every machine (SplitMix64).
class Dice {
 public:
  explicit Dice(std::uint64_t seed) : state_(seed) {}
  bool falls(double probability) {
    state_ += 0x9E3779B97F4A7C15U;
    std::uint64_t x = state_;
    x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
    x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
    x ^= x >> 31U;
    return static_cast<double>(x >> 11U) * 0x1p-53 < probability;
  }

 private:
  std::uint64_t state_;
};

}  // namespace

TEST_CASE("McNemar's exact p is that of scipy's binomtest") {
  CHECK(mcnemar_p(0, 0) == 1);
  CHECK(mcnemar_p(1, 0) == 1);
  CHECK(mcnemar_p(5, 0) == Approx(0.0625));
  CHECK(mcnemar_p(6, 1) == Approx(0.125));
  CHECK(mcnemar_p(1, 6) == Approx(0.125));
  CHECK(mcnemar_p(12, 4) == Approx(0.076812744140625));
  CHECK(mcnemar_p(45, 30) == Approx(0.10534226887460482));
  CHECK(mcnemar_p(7, 7) == 1);
  CHECK(mcnemar_p(200, 150) == Approx(0.008720036530555947));
}

TEST_CASE("Holm's adjustment multiplies by the tests that are left, and never falls") {
  const auto adjusted = holm_adjusted({0.01, 0.04, 0.03, 0.005});
  REQUIRE(adjusted.size() == 4);
  CHECK(adjusted[0] == Approx(0.03));
  CHECK(adjusted[1] == Approx(0.06));
  CHECK(adjusted[2] == Approx(0.06));
  CHECK(adjusted[3] == Approx(0.02));
  CHECK(holm_adjusted({}).empty());
  CHECK(holm_adjusted({0.9, 0.8})[0] == 1);
}

TEST_CASE("the interval of a paired difference is Newcombe's method 10") {
  struct Case {
    Table table;
    double difference = 0;
    double low = 0;
    double high = 0;
  };
  // The first is the example of Newcombe's paper (0.0569 to 0.3404); the others were computed from
  // its formula apart from this code.
  const Case cases[] = {
      {{36, 12, 2, 0}, 0.2, 0.05692958400323869, 0.3404276029749407},
      {{14, 5, 0, 22}, 0.12195121951219512, 0.011483241383033305, 0.2264926843512112},
      {{20, 0, 0, 10}, 0, -0.07221827129693442, 0.07221827129693442},
      {{0, 0, 0, 5}, 0, -0.43448246478317476, 0.43448246478317476},
      {{1, 97, 1, 1}, 0.96, 0.8736721762007447, 0.9850257703740076},
      {{10, 5, 9, 16}, -0.1, -0.2742175862825714, 0.08458501574444344},
      {{180, 40, 10, 130}, 0.08333333333333337, 0.045301739383978384, 0.1207911978576365},
  };
  for (const Case& one : cases) {
    const PairedDifference result = difference_of(one.table);
    CHECK(result.difference == Approx(one.difference).margin(1e-12));
    CHECK(result.interval.low == Approx(one.low));
    CHECK(result.interval.high == Approx(one.high));
    CHECK(result.first_higher == one.table.first_only);
    CHECK(result.second_higher == one.table.second_only);
  }
}

TEST_CASE("no pairs have no difference, and the order of the sides only turns the sign") {
  CHECK_FALSE(PairTally().difference());
  const PairedDifference one = difference_of({10, 9, 2, 5});
  const PairedDifference other = difference_of({10, 2, 9, 5});
  CHECK(one.difference == Approx(-other.difference));
  CHECK(one.interval.low == Approx(-other.interval.high));
  CHECK(one.p == other.p);
}

TEST_CASE("several answers a question give shares, and the side that is higher counts") {
  PairTally tally;
  tally.add(0.75, 0.5, 4);
  tally.add(0.5, 0.5, 4);
  tally.add(1, 0, 4);
  tally.add(0.25, 0.5, 4);
  const PairedDifference result = tally.difference().value();
  CHECK(result.difference == Approx(0.25));
  CHECK(result.first_higher == 2);
  CHECK(result.second_higher == 1);
  CHECK(result.interval.low < 0.25);
  CHECK(result.interval.high > 0.25);
  CHECK(result.interval.high <= 1);
}

TEST_CASE("between two that are the same, the test raises a false alarm in at most 5 of 100") {
  // 2,000 repetitions of 480 questions, each of which has its own chance of a complete answer: as
  // two identical servers would give them.
  constexpr int repetitions = 2000;
  constexpr int questions = 480;
  constexpr double alpha = 0.05;
  int alarms = 0;
  int misses = 0;
  Dice dice(20260101);
  for (int repetition = 0; repetition < repetitions; ++repetition) {
    PairTally tally;
    for (int question = 0; question < questions; ++question) {
      const double chance = 0.5 + 0.5 * question / questions;
      tally.add(dice.falls(chance) ? 1 : 0, dice.falls(chance) ? 1 : 0);
    }
    const PairedDifference result = tally.difference().value();
    alarms += result.p < alpha ? 1 : 0;
    misses += result.interval.low > 0 || result.interval.high < 0 ? 1 : 0;
  }
  INFO(alarms << " alarms and " << misses << " intervals without 0, of " << repetitions);
  CHECK(alarms < repetitions * 0.05 + 3 * std::sqrt(repetitions * 0.05 * 0.95));
  CHECK(misses < repetitions * 0.05 + 3 * std::sqrt(repetitions * 0.05 * 0.95));
  CHECK(alarms > repetitions * 0.02);
}
