#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

TEST_CASE("CRUXEval: the recorded outputs and inputs are right answers") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("cruxeval/cruxeval.jsonl")) {
    return;
  }
  for (const bool input : {false, true}) {
    const CodeSuiteParts parts = cruxeval_suite(test_data() / "cruxeval/cruxeval.jsonl", input);
    REQUIRE(parts.questions.size() == 800);
    int passed = 0;
    int asked = 0;
    for (std::size_t i = 0; i < 800; i += long_tests() ? 1 : 20) {
      const Question& question = parts.questions[i];
      const std::string answer = input ? "f(" + question.gold + ")" : question.gold;
      const Verdict verdict =
          parts.judge(*shop, question, response_of("So: [ANSWER]" + answer + "[/ANSWER]"));
      ++asked;
      passed += verdict.value == 1.0 ? 1 : 0;
      if (verdict.value != 1.0) {
        std::cout << question.id << ": " << verdict.label << ": " << verdict.reason << "\n";
      }
    }
    CHECK(passed == asked);
  }
}

TEST_CASE("CRUXEval answers may repeat the assertion, and may not call the function") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("cruxeval/cruxeval.jsonl")) {
    return;
  }
  const CodeSuiteParts parts = cruxeval_suite(test_data() / "cruxeval/cruxeval.jsonl", false);
  const Question& question = parts.questions[0];
  const auto judge = [&](const std::string& text) {
    return parts.judge(*shop, question, response_of(text)).value;
  };
  const std::string call = "f(" + question.fields.at("input") + ")";
  CHECK(judge("[ANSWER]assert " + call + " == " + question.gold + "[/ANSWER]") == 1.0);
  CHECK(judge("I think\n" + question.gold) == 1.0);
  CHECK(judge("[ANSWER]" + call + "[/ANSWER]") == 0.0);
  CHECK(judge("[ANSWER]None[/ANSWER]") == 0.0);
  CHECK(judge("[ANSWER]1)\nimport os\nos._exit(0)\n([/ANSWER]") == 0.0);
  CHECK(judge("") == 0.0);
}
