#include "suites/math/policy.h"

#include <string>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay::math;

TEST_CASE("every policy is found by its name and the first is strict") {
  CHECK(policies().front().name == "strict");
  for (const Policy& row : policies()) {
    CHECK(policy(row.name).name == row.name);
    CHECK_FALSE(row.summary.empty());
  }
}

TEST_CASE("an unknown policy is a user's mistake that lists the names") {
  try {
    policy("lenient");
    FAIL("no error");
  } catch (const assay::UserError& error) {
    CHECK(std::string(error.what()).find("math-verify") != std::string::npos);
  }
}
