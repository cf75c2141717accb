#include "suites/math/gsm8k.h"

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"
#include "tests/scratch.h"

using namespace assay;

namespace {

NumberReading read(const char* convention, const std::string& response,
                   const std::string& gold = "18") {
  return read_gsm8k(convention, response, gold);
}

}  // namespace

TEST_CASE("openai-gsm8k takes the first #### and compares strings without commas") {
  CHECK(read("openai-gsm8k", "so it is\n#### 18").correct);
  CHECK(read("openai-gsm8k", "#### 1,800", "1800").correct);
  CHECK(read("openai-gsm8k", "#### -3", "-3").correct);
  CHECK(read("openai-gsm8k", "#### 17\n#### 18").extracted == "17");
  CHECK_FALSE(read("openai-gsm8k", "#### 18.0").correct);
  CHECK_FALSE(
      read("openai-gsm8k", "#### 18.").correct);  // the full stop is matched with the digits
  CHECK_FALSE(read("openai-gsm8k", "#### $18").correct);
  CHECK_FALSE(read("openai-gsm8k", "####18").correct);
  CHECK(read("openai-gsm8k", "####18").extracted.empty());
  CHECK_FALSE(read("openai-gsm8k", "The answer is 18").correct);
}

TEST_CASE("lm-eval-strict takes the first #### and drops a full stop at the end") {
  CHECK(read("lm-eval-strict", "#### 18").correct);
  CHECK(read("lm-eval-strict", "#### 18.").correct);
  CHECK(read("lm-eval-strict", "#### 1,800", "why\n#### 1,800").correct);
  CHECK_FALSE(read("lm-eval-strict", "#### 18.0").correct);
  CHECK_FALSE(read("lm-eval-strict", "#### $18").correct);
  CHECK_FALSE(read("lm-eval-strict", "it is 18").correct);
  CHECK(read("lm-eval-strict", "#### 17\n#### 18").extracted == "17");
}

TEST_CASE("lm-eval-flexible takes the last number-like run of the text") {
  CHECK(read("lm-eval-flexible", "it is 18").correct);
  CHECK(read("lm-eval-flexible", "it is $18.").extracted == "$18.");
  CHECK(read("lm-eval-flexible", "it is $18.").correct);
  CHECK(read("lm-eval-flexible", "it is 1,800 dollars", "1800").correct);
  CHECK(read("lm-eval-flexible", "it is -3", "-3").correct);
  CHECK(read("lm-eval-flexible", "18 apples for 2 boys").extracted == "2");
  // Two points are a run of the class [$0-9.,] as well: the convention's own weakness.
  CHECK(read("lm-eval-flexible", "it is 18...").extracted == "18...");
  CHECK(read("lm-eval-flexible", "18 and so on..").extracted == "..");
  CHECK(read("lm-eval-flexible", "--5", "-5").correct);
  CHECK(read("lm-eval-flexible", "nothing").extracted.empty());
}

TEST_CASE("final-number reads the answer that a chat model states") {
  for (const char* response : {"#### 18",
                               "####18",
                               "so\n#### $18.00",
                               "#### **18**",
                               "#### 18 dollars",
                               "\\boxed{18}",
                               "Thus $\\boxed{18\\text{ dollars}}$.",
                               "The answer is 18.",
                               "The answer is: **18**",
                               "**Answer:** 18 eggs",
                               "Final Answer: $18",
                               "A: 18",
                               "**Final answer**\n\n18",
                               "The final answer is 9 + 9 = 18 dollars per day.",
                               "Answer: she makes 18 dollars",
                               "16 - 3 - 4 = 9, so 9 * 2 = 18",
                               "答案是18。",
                               "答：每天赚18美元。",
                               "答案：\n$18$",
                               "#### Step 1\nfoo\n#### Step 2\nThe answer is 18",
                               "#### 1. Eggs\n9 * 2 = 18",
                               "Answer: 18 (that is 9 eggs at 2 dollars)"}) {
    INFO(response);
    const NumberReading reading = read("final-number", response);
    CHECK(reading.correct);
  }
}

TEST_CASE("final-number compares values: separators, currency and zeros do not matter") {
  CHECK(read("final-number", "#### 1,800.00", "1800").correct);
  CHECK(read("final-number", "Answer: \\$1{,}800", "1,800").correct);
  CHECK(read("final-number", "The answer is -3.", "-3").correct);
  CHECK(read("final-number",
             "The answer is \xE2\x88\x92"
             "3 degrees",
             "-3")
            .correct);
  CHECK(read("final-number", "Answer: 10 - 7 = 3", "3").correct);
  CHECK_FALSE(read("final-number", "Answer: 18.01").correct);
  CHECK_FALSE(read("final-number", "Answer: -18").correct);
  CHECK_FALSE(read("final-number", "#### 180").correct);
}

TEST_CASE("final-number prefers what is announced to what comes last") {
  CHECK(read("final-number", "The answer is 18.\nCheck: 9 * 2 gives it, see page 7.").correct);
  CHECK(read("final-number", "First I thought the answer is 17. Wait. The answer is 18.").correct);
  CHECK(read("final-number", "\\boxed{17} was wrong, so \\boxed{18}").correct);
  CHECK(read("final-number", "#### 17\nCorrection:\n#### 18").correct);
}

TEST_CASE("an unfinished text has no answer to take by chance") {
  CHECK(read("final-number", "she pays 5 * 18").extracted.empty());
  CHECK(read("final-number", "the price is $41.4+$8.2 = $<<41.4+18.").extracted.empty());
  CHECK(read("final-number", "").reason == "no number in the text");
  CHECK(read("final-number", "I cannot help with that.").extracted.empty());
}

TEST_CASE("a text of a megabyte is read in time, whatever is in it") {
  for (const char* piece :
       {"####", "answer:", "\\boxed{", "1,", "#### x", "answer is ", "<<5*", "-$"}) {
    std::string text;
    while (text.size() < (1 << 20)) {
      text += piece;
    }
    for (const std::string& convention : gsm8k_conventions()) {
      CHECK_NOTHROW(read_gsm8k(convention, text, "18"));
    }
  }
}

TEST_CASE("the gold number is found in a bare number and in a full solution") {
  CHECK(gsm8k_gold("18") == "18");
  CHECK(gsm8k_gold(" 1,450,000\n") == "1450000");
  CHECK(gsm8k_gold("first 5, then\n#### -10") == "-10");
  CHECK(gsm8k_gold("eighteen").empty());
  CHECK(gsm8k_gold("").empty());
}

TEST_CASE("every author label of the GSM8K answers is reproduced") {
  const std::vector<nlohmann::json> rows = test_rows("labelled/math_final_answer.jsonl.gz");
  if (rows.empty()) {
    return;
  }
  int judged = 0;
  for (const nlohmann::json& row : rows) {
    if (row["kind"] != "numeric") {
      continue;
    }
    ++judged;
    const NumberReading reading =
        read("final-number", row["response"].get<std::string>(), row["gold"].get<std::string>());
    INFO(row["id"] << ": " << reading.reason);
    CHECK(reading.correct == row["verdict"].get<bool>());
  }
  CHECK(judged == 800);
}

TEST_CASE("math/gsm8k loads the official file and grades its own solutions as right") {
  if (!has_test_data("gsm8k/test.jsonl")) {
    return;
  }
  const std::unique_ptr<Suite> suite = make_gsm8k(test_data() / "gsm8k/test.jsonl");
  const std::vector<Question> questions = suite->questions();
  REQUIRE(questions.size() == 1319);
  CHECK(suite->info().convention == "final-number");
  CHECK(suite->prompt(questions[0]).messages.size() == 1);
  for (const Question& question : questions) {
    Response response;
    response.finish = Finish::stop;
    response.text = "Step by step ...\n#### " + question.gold;
    const Verdict verdict = suite->grader().grade(question, response);
    INFO(question.id);
    CHECK(verdict.value == 1.0);
    CHECK(verdict.readings.size() == 4);
    CHECK(verdict.readings[1].value == 1.0);
  }
}

TEST_CASE("math/gsm8k votes by value and says what decided") {
  const std::unique_ptr<Suite> suite =
      make_gsm8k(ScratchFile(R"({"question":"How many?","answer":"two\n#### 2"})").path());
  const Question question = suite->questions().at(0);
  Response response;
  response.finish = Finish::stop;
  response.text = "#### 2.0";
  const Verdict verdict = suite->grader().grade(question, response);
  CHECK(verdict.value == 1.0);
  CHECK(verdict.vote == "2");
  CHECK(verdict.label == "correct");
  CHECK(verdict.reason == "last ####: 2.0 equals 2");
  CHECK(verdict.readings[1].value == 0.0);  // as a string 2.0 is not 2

  response.text = "so we have 2";
  response.finish = Finish::length;
  const Verdict cut = suite->grader().grade(question, response);
  CHECK(cut.value == 0.0);
  CHECK(cut.label == "no answer");
  CHECK(cut.vote.empty());
}

TEST_CASE("a row of gsm8k without its #### is named by file and line") {
  const ScratchFile file(R"({"question":"How many?","answer":"two"})");
  CHECK_THROWS_WITH(make_gsm8k(file.path()),
                    Catch::EndsWith(":1: field 'answer' holds no `#### n`"));
}
