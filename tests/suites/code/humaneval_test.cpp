#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

TEST_CASE("HumanEval's canonical solutions pass: 164 of 164") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("humaneval/HumanEval.jsonl.gz")) {
    return;
  }
  const CodeSuiteParts parts = humaneval_suite(test_data() / "humaneval/HumanEval.jsonl.gz");
  REQUIRE(parts.questions.size() == 164);
  CHECK(references_that_pass(parts, *shop, 1) == 164);
  const Verdict wrong = parts.judge(*shop, parts.questions[0],
                                    response_of("def has_close_elements(n, t):\n    return 1\n"));
  CHECK(wrong.value == 0.0);
}

TEST_CASE("HumanEval+ Mini's canonical solutions pass on all inputs: 164 of 164") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("evalplus/HumanEvalPlus-Mini.jsonl.gz")) {
    return;
  }
  const CodeSuiteParts parts =
      humaneval_plus_suite(test_data() / "evalplus/HumanEvalPlus-Mini.jsonl.gz");
  REQUIRE(parts.questions.size() == 164);
  CHECK(references_that_pass(parts, *shop, 1) == 164);
}

TEST_CASE(
    "an answer that fails only on EvalPlus's further inputs keeps its base score as a reading") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("evalplus/HumanEvalPlus-Mini.jsonl.gz")) {
    return;
  }
  const CodeSuiteParts parts =
      humaneval_plus_suite(test_data() / "evalplus/HumanEvalPlus-Mini.jsonl.gz");
  const Question& question = parts.questions[0];
  const int base = std::stoi(question.fields.at("base_inputs"));
  const std::string code =
      "def has_close_elements(numbers, threshold, calls=[0]):\n    calls[0] += 1\n"
      "    if calls[0] > " +
      std::to_string(base) + ":\n        return None\n" + question.gold;
  const Verdict verdict = parts.judge(*shop, question, response_of(in_block("python", code)));
  CHECK(verdict.value == 0.0);
  REQUIRE(verdict.readings.size() == 1);
  CHECK(verdict.readings[0].value == 1.0);
}

TEST_CASE(
    "HumanEval-X's canonical C++ solutions pass (a part of them unless ASSAY_TEST_LONG is set)") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("humaneval_x/humaneval_cpp.jsonl.gz")) {
    return;
  }
  const CodeSuiteParts parts =
      humaneval_cpp_suite(test_data() / "humaneval_x/humaneval_cpp.jsonl.gz");
  REQUIRE(parts.questions.size() == 164);
  CHECK(parts.info.convention == "humaneval-x");
  const int step = long_tests() ? 1 : 27;  // 0, 27, .., 162: the last needs -lcrypto
  CHECK(references_that_pass(parts, *shop, step) == (163 / step) + 1);
}

TEST_CASE("MultiPL-E's questions are read from their own form") {
  if (!has_test_data("multipl_e/humaneval-cpp.jsonl")) {
    return;
  }
  const CodeSuiteParts parts = humaneval_cpp_suite(test_data() / "multipl_e/humaneval-cpp.jsonl");
  CHECK(parts.info.convention == "multipl-e");
  REQUIRE(parts.questions.size() == 161);
  const std::string& text = parts.questions[0].text;
  CHECK(text.substr(text.size() - 2) == "{\n");
}
