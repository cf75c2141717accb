#include "suites/math/math_questions.h"

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"
#include "tests/scratch.h"

using namespace assay;
using math::Format;

namespace {

std::vector<Question> load(const std::string& text, Format format,
                           std::string_view language = "en") {
  return math::load_questions(ScratchFile(text).path(), format, "test", language);
}

}  // namespace

TEST_CASE("MATH rows give their answer, or the box of their solution") {
  const auto questions = load(
      R"({"problem":"p","answer":"5","subject":"Algebra","level":2,"unique_id":"a/1"})"
      "\n"
      R"({"problem":"q","solution":"so $\\boxed{\\frac{1}{2}}$","type":"Geometry","level":"Level 5"})",
      Format::math);
  REQUIRE(questions.size() == 2);
  CHECK(questions[0].id == "a/1");
  CHECK(questions[0].gold == "5");
  CHECK(questions[0].tags.at("subject") == "Algebra");
  CHECK(questions[0].tags.at("level") == "2");
  CHECK(questions[1].id == "test-1");
  CHECK(questions[1].gold == "\\frac{1}{2}");
  CHECK(questions[1].tags.at("subject") == "Geometry");
}

TEST_CASE("AIME rows of any year have an integer from 0 to 999") {
  const auto questions = load(
      R"({"prompt":"Find n.\nPlease reason step by step, and put your final answer within \\boxed{}.","answer":204})"
      "\n"
      R"({"problem":"Find m.","answer":"033","year":2025,"id":7})",
      Format::aime);
  CHECK(questions[0].text == "Find n.");
  CHECK(questions[0].gold == "204");
  CHECK(questions[1].gold == "33");
  CHECK(questions[1].id == "7");
  CHECK(questions[1].tags.at("year") == "2025");
  CHECK_THROWS_WITH(load(R"({"problem":"x","answer":"1000"})", Format::aime),
                    Catch::Contains(":1: answer '1000' is no integer from 0 to 999"));
  CHECK_THROWS_AS(load(R"({"problem":"x","answer":"\\pi"})", Format::aime), UserError);
  CHECK_THROWS_AS(load(R"({"problem":"x","answer":-5})", Format::aime), UserError);
}

TEST_CASE("OlympiadBench rows have lists of answers and tolerances") {
  const auto questions = load(
      R"({"id":1606,"question":"q","final_answer":["2","3"],"error":"1e-3","subfield":"Algebra"})",
      Format::olympiad);
  CHECK(questions[0].id == "1606");
  CHECK(questions[0].gold == "2, 3");
  CHECK(questions[0].fields.at("tolerance") == "1e-3");
  CHECK_THROWS_AS(load(R"({"question":"q","final_answer":[]})", Format::olympiad), UserError);
}

TEST_CASE("rows that lack something, or repeat an id, are named by file and line") {
  CHECK_THROWS_WITH(load(R"({"problem":"p"})", Format::math),
                    Catch::EndsWith(":1: field 'solution' is missing"));
  CHECK_THROWS_WITH(load(R"({"problem":"p","solution":"none"})", Format::math),
                    Catch::EndsWith(":1: no field 'answer', and no \\boxed in 'solution'"));
  CHECK_THROWS_WITH(load("{\"problem\":\"p\",\"answer\":\"1\",\"id\":\"a\"}\n"
                         "{\"problem\":\"p\",\"answer\":\"1\",\"id\":\"a\"}",
                         Format::math),
                    Catch::EndsWith(":2: id 'a' occurs twice"));
  CHECK_THROWS_WITH(load("q\tnone\n", Format::mgsm),
                    Catch::EndsWith(":1: the answer is no number"));
}

TEST_CASE("of our own problems the Chinese ones are those with a Chinese text") {
  const std::string rows = R"({"id":"a","problem":"p","answer":"1","problem_zh":"题"})"
                           "\n"
                           R"({"id":"b","problem":"q","answer":"2"})";
  CHECK(load(rows, Format::assay_math).size() == 2);
  const auto chinese = load(rows, Format::assay_math, "zh");
  REQUIRE(chinese.size() == 1);
  CHECK(chinese[0].text == "题");
}

TEST_CASE("the public files load with their counts") {
  if (!has_test_data("math500/math500_test.jsonl")) {
    return;
  }
  const auto count = [](const char* name, Format format) {
    return math::load_questions(test_data() / name, format, "x", "en").size();
  };
  CHECK(count("math500/math500_test.jsonl", Format::math) == 500);
  CHECK(count("aime/aime24_qwq.jsonl", Format::aime) == 30);
  CHECK(count("mgsm/mgsm_en.tsv", Format::mgsm) == 250);
  CHECK(count("mgsm/mgsm_zh.tsv", Format::mgsm) == 250);
}
