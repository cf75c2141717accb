#include "suites/math/arithmetic.h"

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"
#include "suites/math/arithmetic_questions.h"
#include "tests/catch.h"

using assay::make_arithmetic;
using assay::Question;
using assay::Response;
using assay::Verdict;

namespace {

Verdict grade(const std::string& gold, const std::string& text) {
  const auto suite = make_arithmetic({});
  Response response;
  response.text = text;
  response.finish = assay::Finish::stop;
  return suite->grader().grade({.id = "x", .gold = gold}, response);
}

std::string extracted(const std::string& text) {
  return grade("0", text).extracted;
}

// FNV-1a, 64 bits.
std::uint64_t digest(const std::vector<Question>& questions) {
  std::uint64_t hash = 0xCBF29CE484222325U;
  for (const Question& question : questions) {
    for (const char c : question.text + "\t" + question.gold + "\n") {
      hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
    }
  }
  return hash;
}

// A second reading of the generated expressions, so that golds are not only compared with the code
// that made them: usual precedence, integers, exact division.
class Expression {
 public:
  explicit Expression(std::string_view text) : text_(text) {}
  std::int64_t sum() {
    std::int64_t value = product();
    while (peek() == '+' || peek() == '-') {
      const char op = take();
      const std::int64_t right = product();
      value = op == '+' ? value + right : value - right;
    }
    return value;
  }

 private:
  char peek() {
    while (!text_.empty() && text_[0] == ' ') text_.remove_prefix(1);
    return text_.empty() ? '\0' : text_[0];
  }
  char take() {
    const char c = peek();
    text_.remove_prefix(1);
    return c;
  }
  std::int64_t product() {
    std::int64_t value = atom();
    while (peek() == '*' || peek() == '/') {
      const char op = take();
      const std::int64_t right = atom();
      if (op == '/') CHECK(value % right == 0);
      value = op == '*' ? value * right : value / right;
    }
    return value;
  }
  std::int64_t atom() {
    if (peek() == '(') {
      take();
      const std::int64_t value = sum();
      take();
      return value;
    }
    std::int64_t value = 0;
    while (peek() >= '0' && peek() <= '9') value = 10 * value + (take() - '0');
    return value;
  }
  std::string_view text_;
};

// The expression inside one of the four wordings, or nothing for other texts.
std::string expression_in(const std::string& text) {
  std::string inner = text;
  for (const std::string wording : {"What is ", "Calculate ", "Work out "}) {
    if (inner.starts_with(wording)) inner = inner.substr(wording.size());
  }
  inner = inner.substr(0, inner.find_first_of("?=."));
  return inner.find_first_not_of("0123456789 +-*/()") == std::string::npos ? inner : "";
}

}  // namespace

TEST_CASE("the ladder has ten levels of 25 different questions, and ids are unique") {
  const auto questions = make_arithmetic({})->questions();
  std::map<std::string, int> per_level;
  std::set<std::string> texts;
  std::set<std::string> ids;
  for (const Question& question : questions) {
    ++per_level[question.tags.at("level")];
    texts.insert(question.text);
    ids.insert(question.id);
    CHECK(question.tags.at("half") == (question.tags.at("level") <= "05" ? "lower" : "upper"));
  }
  CHECK(questions.size() == 250);
  CHECK(texts.size() == 250);
  CHECK(ids.size() == 250);
  CHECK(per_level.size() == 10);
  for (const auto& [level, count] : per_level) CHECK(count == 25);
}

TEST_CASE("the questions of a seed never change") {
  // The same digest is computed by data/models/tiny-moe/generate.py from its own implementation.
  CHECK(digest(make_arithmetic({})->questions()) == 0x88e27ba7b1e5fd0dU);
  CHECK(digest(make_arithmetic({.seed = 1})->questions()) == 0x88e27ba7b1e5fd0dU);
  CHECK(digest(make_arithmetic({.seed = 20260101})->questions()) == 0x3a6780b760bd242U);
}

TEST_CASE("splitmix64 gives its published sequence") {
  assay::arithmetic::SplitMix64 random(1234567);
  CHECK(random.next() == 6457827717110365317U);
  CHECK(random.next() == 3203168211198807973U);
}

TEST_CASE("every generated expression has the value that its question expects") {
  int checked = 0;
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const auto& problem : assay::arithmetic::problems(seed)) {
      const std::string expression = expression_in(problem.text);
      if (expression.empty()) continue;
      INFO(problem.text);
      CHECK(Expression(expression).sum() == problem.answer);
      ++checked;
    }
  }
  CHECK(checked > 2500);
}

TEST_CASE("word problems have sensible numbers") {
  for (std::uint64_t seed = 1; seed <= 20; ++seed) {
    for (const auto& problem : assay::arithmetic::problems(seed)) {
      if (!expression_in(problem.text).empty()) continue;
      INFO(problem.text);
      CHECK(problem.answer >= 0);
      CHECK(problem.text.find_first_of("{}-") == std::string::npos);
    }
  }
}

TEST_CASE("a question is put as one chat message that says how to end the answer") {
  const auto suite = make_arithmetic({});
  const Question question = suite->questions().front();
  const assay::Prompt prompt = suite->prompt(question);
  REQUIRE(prompt.messages.size() == 1);
  CHECK(prompt.messages[0].content.ends_with(question.text));
  CHECK(prompt.messages[0].content.find("####") != std::string::npos);
}

TEST_CASE("another seed gives other questions under other ids") {
  const auto first = make_arithmetic({})->questions();
  const auto other = make_arithmetic({.seed = 2})->questions();
  CHECK(first[30].text != other[30].text);
  CHECK(first[30].id == "2-06");
  CHECK(other[30].id == "seed2/2-06");
}

TEST_CASE("a data file is refused, since there is none to replace") {
  CHECK_THROWS_AS(make_arithmetic({.data_file = "x.jsonl"}), assay::UserError);
}

TEST_CASE("the number after the last marker is the answer, else the last number") {
  CHECK(extracted("3 + 4 = 7\n#### 7") == "7");
  CHECK(extracted("#### 5, no, wait\n#### 6 apples, not 8") == "6");
  CHECK(extracted("so there are 12 of 20 left: **12**.") == "12");
  CHECK(extracted("You asked for ####. It is 9.") == "9");
  CHECK(extracted("#### the answer is \\boxed{41}") == "41");
  CHECK(extracted("The answer is 3 or 4 ####") == "4");
}

TEST_CASE("numbers are read as people write them") {
  CHECK(extracted("#### 1,234,567") == "1234567");
  CHECK(extracted("#### 12,34") == "12");
  CHECK(extracted("#### -8") == "-8");
  CHECK(extracted("#### \u22128") == "-8");
  CHECK(extracted("20-8") == "8");
  CHECK(extracted("(3+5)-8") == "8");
  CHECK(extracted("#### -$8") == "-8");
  CHECK(extracted("#### $8.00") == "8");
  CHECK(extracted("#### 8.") == "8");
  CHECK(extracted("#### 8.50") == "8.5");
  CHECK(extracted("#### 007") == "7");
  CHECK(extracted("#### -0") == "0");
}

TEST_CASE("a verdict says what was found and what was expected") {
  const Verdict right = grade("42", "#### 42");
  CHECK(right.value == 1.0);
  CHECK(right.label == "correct");
  CHECK(right.vote == "42");
  const Verdict wrong = grade("42", "#### 24");
  CHECK(wrong.value == 0.0);
  CHECK(wrong.label == "wrong");
  CHECK(wrong.reason.find("42") != std::string::npos);
  const Verdict none = grade("42", "I do not know.");
  CHECK(none.value == 0.0);
  CHECK(none.label == "no answer");
  CHECK(none.vote.empty());
}

TEST_CASE("hostile answers get a verdict") {
  for (const std::string& text :
       {std::string(), std::string("####"), std::string("#### -"), std::string("#### ,.-$"),
        std::string(100000, '#'), std::string(100000, '9'), std::string("\0\xff\xfe 3", 5),
        std::string("#### 99999999999999999999999999999999")}) {
    CHECK_NOTHROW(grade("42", text));
    CHECK(grade("42", text).value == 0.0);
  }
}
