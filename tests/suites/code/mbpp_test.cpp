#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

TEST_CASE("MBPP sanitized: the reference code passes its assertions") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("mbpp/sanitized-mbpp.json")) {
    return;
  }
  const CodeSuiteParts parts = mbpp_suite(test_data() / "mbpp/sanitized-mbpp.json");
  REQUIRE(parts.questions.size() == 427);
  CHECK(references_that_pass(parts, *shop, 1) == 427);
}

TEST_CASE("MBPP in full: set-up code runs after the answer is there") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("mbpp/mbpp.jsonl")) {
    return;
  }
  const CodeSuiteParts parts = mbpp_suite(test_data() / "mbpp/mbpp.jsonl");
  REQUIRE(parts.questions.size() == 974);
  const int step = long_tests() ? 1 : 18;
  CHECK(references_that_pass(parts, *shop, step) == (973 / step) + 1);
}
