#include "backends/openai/retry.h"

#include "tests/catch.h"

TEST_CASE("back-off doubles up to its cap, with full jitter") {
  CHECK(assay::back_off_s(0.5, 60, 0, 0) == 0);
  CHECK(assay::back_off_s(0.5, 60, 0, 1) == Approx(0.5));
  CHECK(assay::back_off_s(0.5, 60, 3, 1) == Approx(4));
  CHECK(assay::back_off_s(0.5, 60, 3, 0.25) == Approx(1));
  CHECK(assay::back_off_s(0.5, 60, 1'000'000, 1) == Approx(60));
}

TEST_CASE("what a host asks for is waited for in full, and a little more") {
  CHECK(assay::asked_wait_s(5, 0) == Approx(5));
  CHECK(assay::asked_wait_s(5, 1) == Approx(5.5));
  CHECK(assay::asked_wait_s(100, 1) == Approx(101));
}

TEST_CASE("the budget holds its reserve and one retry for every request") {
  assay::RetryBudget budget(2);
  CHECK(budget.withdraw());
  CHECK(budget.withdraw());
  CHECK_FALSE(budget.withdraw());
  budget.deposit();
  CHECK(budget.withdraw());
  CHECK_FALSE(budget.withdraw());
}
