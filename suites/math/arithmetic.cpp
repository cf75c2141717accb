#include "suites/math/arithmetic.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string_view>
#include <utility>

#include <fmt/core.h>

#include "harness/error.h"
#include "suites/math/arithmetic_questions.h"

namespace assay {

namespace {

constexpr std::uint64_t own_seed = 1;
constexpr std::string_view marker = "####";
constexpr std::string_view instruction =
    "Solve this, then end with #### and the answer as an integer.\n\n";

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}
bool is_word(char c) {
  return std::isalnum(static_cast<unsigned char>(c)) != 0;
}

// A number in a text: digits, possibly in groups of three, possibly with a fraction.
struct Found {
  size_t begin = 0;
  size_t end = 0;
  std::string value;  // canonical: no grouping, no leading zeros, no zero fraction
};

// A minus sign counts unless it stands between two operands, as in 12-5.
bool is_negative(std::string_view text, size_t first_digit) {
  if (first_digit > 0 && text[first_digit - 1] == '$') --first_digit;
  const std::string_view before = text.substr(0, first_digit);
  constexpr std::array<std::string_view, 2> signs = {"-", "\u2212"};
  for (const std::string_view sign : signs) {
    if (!before.ends_with(sign)) continue;
    const std::string_view operand = before.substr(0, before.size() - sign.size());
    return operand.empty() || (!is_word(operand.back()) && operand.back() != ')');
  }
  return false;
}

bool group_follows(std::string_view text, size_t comma) {
  const auto digit_at = [&](size_t i) { return i < text.size() && is_digit(text[i]); };
  return digit_at(comma + 1) && digit_at(comma + 2) && digit_at(comma + 3) && !digit_at(comma + 4);
}

// The number whose first digit stands at `begin`.
Found read_number(std::string_view text, size_t begin) {
  std::string digits;
  size_t i = begin;
  while (i < text.size() && (is_digit(text[i]) || (text[i] == ',' && group_follows(text, i)))) {
    if (text[i] != ',') digits += text[i];
    ++i;
  }
  std::string fraction;
  if (i + 1 < text.size() && text[i] == '.' && is_digit(text[i + 1])) {
    for (++i; i < text.size() && is_digit(text[i]); ++i) fraction += text[i];
  }
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size() - 1));
  fraction.erase(fraction.find_last_not_of('0') + 1);
  if (!fraction.empty()) digits += "." + fraction;
  const bool negative = is_negative(text, begin) && digits != "0";
  return {.begin = begin, .end = i, .value = negative ? "-" + digits : digits};
}

// The first number of `text`, or an empty string.
std::string first_number(std::string_view text) {
  const auto digit = std::find_if(text.begin(), text.end(), is_digit);
  if (digit == text.end()) return {};
  return read_number(text, static_cast<size_t>(digit - text.begin())).value;
}

std::string last_number(std::string_view text) {
  std::string last;
  for (size_t i = 0; i < text.size();) {
    if (!is_digit(text[i])) {
      ++i;
      continue;
    }
    Found found = read_number(text, i);
    last = std::move(found.value);
    i = found.end;
  }
  return last;
}

struct Extracted {
  std::string value;
  std::string_view where;
};

Extracted extract(std::string_view text) {
  const size_t at = text.rfind(marker);
  if (at != std::string_view::npos) {
    std::string marked = first_number(text.substr(at + marker.size()));
    if (!marked.empty()) return {std::move(marked), "after the last ####"};
  }
  return {last_number(text), "the last number of the answer"};
}

class ArithmeticGrader final : public Grader {
 public:
  Verdict grade(const Question& question, const Response& response) const override {
    const Extracted extracted = extract(response.text);
    Verdict verdict{.value = 0, .label = "wrong"};
    if (extracted.value.empty()) {
      verdict.label = "no answer";
      verdict.reason = response.finish == Finish::length ? "no number before the length limit"
                                                         : "no number in the answer";
      return verdict;
    }
    verdict.extracted = extracted.value;
    verdict.vote = extracted.value;
    const bool right = extracted.value == question.gold;
    if (right) {
      verdict.value = 1;
      verdict.label = "correct";
    }
    verdict.reason = right ? std::string(extracted.where)
                           : fmt::format("{}; expected {}", extracted.where, question.gold);
    return verdict;
  }
};

class Arithmetic final : public Suite {
 public:
  explicit Arithmetic(std::uint64_t seed) : seed_(seed) {
    info_.name = "math/arithmetic";
    info_.version = 1;
    info_.prompt = "zero-shot-chat";
    info_.convention = "integer-after-####-else-last-number";
    info_.summary = "bundled: a ladder of ten levels of integer arithmetic and word problems";
  }

  const SuiteInfo& info() const override { return info_; }

  std::vector<Question> questions() const override {
    std::vector<Question> all;
    int number = 0;
    for (const arithmetic::Problem& problem : arithmetic::problems(seed_)) {
      number = number % arithmetic::questions_per_level + 1;
      const std::string id = fmt::format("{}-{:02}", problem.level, number);
      all.push_back({.id = seed_ == own_seed ? id : fmt::format("seed{}/{}", seed_, id),
                     .text = problem.text,
                     .gold = std::to_string(problem.answer),
                     .tags = {{"level", fmt::format("{:02}", problem.level)},
                              {"half", problem.level <= 5 ? "lower" : "upper"}}});
    }
    return all;
  }

  Prompt prompt(const Question& question) const override {
    Prompt prompt;
    prompt.messages.push_back({Role::user, std::string(instruction) + question.text});
    return prompt;
  }

  const Grader& grader() const override { return grader_; }

 private:
  std::uint64_t seed_;
  SuiteInfo info_;
  ArithmeticGrader grader_;
};

}  // namespace

std::unique_ptr<Suite> make_arithmetic(const SuiteOptions& options) {
  if (!options.data_file.empty()) {
    throw UserError("--data: math/arithmetic is generated and reads no data file");
  }
  return std::make_unique<Arithmetic>(options.seed == 0 ? own_seed : options.seed);
}

}  // namespace assay
