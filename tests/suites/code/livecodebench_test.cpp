#include "tests/catch.h"
#include "tests/scratch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

// Two problems of our own in LiveCodeBench's form. The private tests of the first are
// base64(zlib(pickle(JSON text))), as they are published.
CodeSuiteParts problems() {
  const nlohmann::json stdin_row = {
      {"question_id", "own-1"},
      {"question_content", "Print the sum of two numbers."},
      {"contest_date", "2024-08-03T00:00:00"},
      {"public_test_cases", R"([{"input": "1 2\n", "output": "3\n", "testtype": "stdin"}])"},
      {"private_test_cases",
       "eJxrYJnqyAABPbbR1UqZeQWlJUpWCkrGBgqGRjF5SjoKSvmlJVBBE6hISWpxSUllQSpIrLgkJTNPqTZ2ih4A4xAVOQ="
       "="}};
  const nlohmann::json method_row = {
      {"question_id", "own-2"},
      {"question_content", "Double it."},
      {"starter_code", "class Solution:\n    def twice(self, x):\n"},
      {"metadata", R"({"func_name": "twice"})"},
      {"public_test_cases",
       R"([{"input": "[1, 2]", "output": "[2, 4]", "testtype": "functional"}])"}};
  return livecodebench_suite(
      ScratchFile(stdin_row.dump() + "\n" + method_row.dump() + "\n").path());
}

}  // namespace

TEST_CASE("programs and methods in LiveCodeBench's form are judged by all their tests") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const CodeSuiteParts parts = problems();
  REQUIRE(parts.questions.size() == 2);
  CHECK(parts.questions[0].tags.at("month") == "2024-08");
  const auto judge = [&](int i, const std::string& code) {
    return parts.judge(*shop, parts.questions[static_cast<std::size_t>(i)],
                       response_of(in_block("python", code)));
  };
  CHECK(judge(0, "print(sum(map(int, input().split())))").label == "passed");
  CHECK(judge(0, "print(3)").label == "wrong answer");
  CHECK(judge(1, "class Solution:\n    def twice(self, x):\n        return tuple(2 * v for v in x)")
            .label == "passed");
  CHECK(judge(1, "class Solution:\n    def twice(self, x):\n        return x").label ==
        "wrong answer");
  CHECK(judge(0, "").value == 0.0);
}
