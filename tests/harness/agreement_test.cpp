#include "harness/agreement.h"

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): the code under test

namespace {

AgreementTally tally_of(const std::vector<std::vector<int>>& table) {
  AgreementTally tally;
  for (std::size_t i = 0; i < table.size(); ++i) {
    for (std::size_t j = 0; j < table.size(); ++j) {
      for (int k = 0; k < table[i][j]; ++k) {
        tally.add(std::string(1, static_cast<char>('a' + i)),
                  std::string(1, static_cast<char>('a' + j)));
      }
    }
  }
  return tally;
}

}  // namespace

TEST_CASE("kappa is agreement beyond chance") {
  // By hand: agreement 0.7, chance 0.6 * 0.5 + 0.4 * 0.5 = 0.5.
  const auto result = tally_of({{40, 20}, {10, 30}}).agreement();
  REQUIRE(result);
  CHECK(result->n == 100);
  CHECK(result->share == Approx(0.7));
  CHECK(result->kappa.value() == Approx(0.4));
  // The standard error by the formula written out for this table: 0.0899.
  CHECK(result->interval.low == Approx(0.4 - 1.96 * 0.0899).margin(0.002));
  CHECK(result->interval.high == Approx(0.4 + 1.96 * 0.0899).margin(0.002));
}

TEST_CASE("kappa is 1 for agreement on everything, 0 for chance, below 0 for less than chance") {
  CHECK(tally_of({{5, 0}, {0, 7}}).agreement()->kappa.value() == Approx(1));
  CHECK(tally_of({{25, 25}, {25, 25}}).agreement()->kappa.value() == Approx(0).margin(1e-12));
  CHECK(tally_of({{0, 5}, {5, 0}}).agreement()->kappa.value() == Approx(-1));
}

TEST_CASE("where both give one label only, kappa says nothing") {
  const auto result = tally_of({{9}}).agreement();
  REQUIRE(result);
  CHECK(result->share == Approx(1));
  CHECK_FALSE(result->kappa);
  CHECK_FALSE(AgreementTally().agreement());
}

TEST_CASE("labels of either rater are listed, and pairs counted") {
  AgreementTally tally;
  tally.add("evasive", "denial");
  tally.add("evasive", "denial");
  tally.add("complete", "complete");
  CHECK(tally.labels() == std::vector<std::string>{"complete", "denial", "evasive"});
  CHECK(tally.count("evasive", "denial") == 2);
  CHECK(tally.count("denial", "evasive") == 0);
}
