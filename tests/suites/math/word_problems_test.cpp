// The bundled problems: data/math/word_problems.jsonl. That the answers are right is checked by
// data/math/make_word_problems.py, which works each of them out a second way.
#include <map>
#include <set>

#include "suites/math/conventions.h"
#include "suites/math/math_questions.h"
#include "tests/catch.h"

using namespace assay;

namespace {

std::vector<Question> problems(std::string_view language) {
  const auto file = std::filesystem::path(ASSAY_SOURCE_DIR) / "data/math/word_problems.jsonl";
  return math::load_questions(file, math::Format::assay_math, "wp", language);
}

}  // namespace

TEST_CASE("there are at least 150 bundled problems, and 50 of them in Chinese") {
  const std::vector<Question> english = problems("en");
  const std::vector<Question> chinese = problems("zh");
  CHECK(english.size() >= 150);
  CHECK(chinese.size() >= 50);
  std::set<std::string> texts;
  std::map<std::string, int> levels;
  std::set<std::string> kinds;
  for (const Question& question : english) {
    CHECK(texts.insert(question.text).second);
    ++levels[question.tags.at("level")];
    kinds.insert(question.tags.at("kind"));
  }
  CHECK(levels.size() == 5);
  CHECK(levels.at("5") >= 30);
  CHECK(kinds.size() >= 20);
}

TEST_CASE("every bundled answer is read as an answer and equals itself alone") {
  const std::vector<Question> all = problems("en");
  const math::Convention& by = math::convention("final-answer");
  for (const Question& question : all) {
    INFO(question.id << " " << question.tags.at("kind") << ": " << question.gold);
    const math::Judged boxed =
        math::judge(by, "So $\\boxed{" + question.gold + "}$.", question.gold);
    CHECK(boxed.decision == math::Decision::equal);
    const math::Judged told =
        math::judge(by, "The answer is $" + question.gold + "$.", question.gold);
    CHECK(told.decision == math::Decision::equal);
    const math::Judged wrong = math::judge(by, "So $\\boxed{918273}$.", question.gold);
    CHECK(wrong.decision != math::Decision::equal);
  }
}
