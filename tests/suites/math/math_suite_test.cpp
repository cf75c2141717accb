#include "suites/math/math_suite.h"

#include "harness/error.h"
#include "suites/math/conventions.h"
#include "tests/catch.h"
#include "tests/labelled.h"

using namespace assay;
using math::Format;
using math::MathGrader;

namespace {

Response answered(const std::string& text, Finish finish = Finish::stop) {
  Response response;
  response.text = text;
  response.finish = finish;
  return response;
}

Question with_gold(const std::string& gold) {
  Question question;
  question.gold = gold;
  return question;
}

const std::filesystem::path own_problems =
    std::filesystem::path(ASSAY_SOURCE_DIR) / "data/math/word_problems.jsonl";

}  // namespace

TEST_CASE("the primary convention decides and the others are recorded beside it") {
  const MathGrader grader("final-answer", {"boxed", "hendrycks", "simple-evals"});
  const Verdict verdict =
      grader.grade(with_gold("\\frac{1}{2}"), answered("So $\\boxed{0.5}$.\nAnswer: one third"));
  CHECK(verdict.value == 1.0);
  CHECK(verdict.label == "correct");
  CHECK(verdict.extracted == "0.5");
  REQUIRE(verdict.readings.size() == 4);
  CHECK(verdict.readings[0].convention == "final-answer");
  CHECK(verdict.readings[1].value == 1.0);
  CHECK(verdict.readings[2].value == 1.0);
  CHECK(verdict.readings[3].value == 0.0);
  CHECK(verdict.readings[3].extracted == "one third");
}

TEST_CASE("what is no answer has a label that says why") {
  const MathGrader grader("final-answer", {});
  const auto label = [&](const std::string& text, Finish finish = Finish::stop) {
    const Verdict verdict = grader.grade(with_gold("5"), answered(text, finish));
    CHECK(verdict.vote.empty());
    return verdict.label;
  };
  CHECK(label("I'm sorry, I cannot help with that.") == "refused");
  CHECK(label("so we get 5", Finish::length) == "unfinished");
  CHECK(label("") == "no answer");
  CHECK(grader.grade(with_gold("5"), answered("\\boxed{6}")).label == "wrong");
}

TEST_CASE("a question may bring its own tolerance") {
  const MathGrader grader("olympiadbench", {});
  Question question = with_gold("3.14");
  CHECK(grader.grade(question, answered("\\boxed{3.15}")).value == 0.0);
  question.fields["tolerance"] = "0.02";
  CHECK(grader.grade(question, answered("\\boxed{3.15}")).value == 1.0);
  question.fields["tolerance"] = "nonsense";
  CHECK(grader.grade(question, answered("\\boxed{3.15}")).value == 0.0);
}

TEST_CASE("a grader of a convention that does not exist is not made") {
  CHECK_THROWS_AS(MathGrader("exact", {}), UserError);
  CHECK_THROWS_AS(MathGrader("boxed", {"exact"}), UserError);
}

TEST_CASE("the R1 protocol asks without a system prompt for a box and many samples") {
  const auto suite = math::make_math_suite(
      {"math/word-problems", "", Format::assay_math, "en", "final-answer", {}}, own_problems, "r1");
  CHECK(suite->info().sampling.temperature == 0.6);
  CHECK(suite->info().sampling.top_p == 0.95);
  CHECK(suite->info().sampling.max_tokens == 32768);
  CHECK(suite->info().samples == 4);
  CHECK(suite->info().prompt == "zero-shot-boxed");
  const Prompt prompt = suite->prompt(suite->questions().front());
  REQUIRE(prompt.messages.size() == 1);
  CHECK(prompt.messages[0].role == Role::user);
  CHECK(prompt.messages[0].content.ends_with(
      "\nPlease reason step by step, and put your final answer within \\boxed{}."));
  CHECK_THROWS_AS(
      math::make_math_suite({"math/x", "", Format::assay_math, "en", "final-answer", {}},
                            own_problems, "r2"),
      UserError);
}

TEST_CASE("every gold answer of the public suites is right when it is given as the answer") {
  if (!has_test_data("math500/math500_test.jsonl")) {
    return;
  }
  const MathGrader grader("final-answer", {"boxed", "hendrycks", "prm800k", "math-verify"});
  for (const Question& question :
       math::load_questions(test_data() / "math500/math500_test.jsonl", Format::math, "m", "en")) {
    const Verdict verdict =
        grader.grade(question, answered("Thus $\\boxed{" + question.gold + "}$."));
    INFO(question.id << ": " << question.gold);
    for (const Reading& reading : verdict.readings) {
      INFO(reading.convention << " took " << reading.extracted);
      CHECK(reading.value == 1.0);
    }
  }
}
