#include "suites/math/arithmetic.h"

#include <string_view>

#include <fmt/core.h>

#include "harness/error.h"
#include "suites/math/arithmetic_questions.h"
#include "suites/math/stated_number.h"

namespace assay {

namespace {

constexpr std::uint64_t own_seed = 1;
constexpr std::string_view instruction =
    "Solve this, then end with #### and the answer as an integer.\n\n";

class ArithmeticGrader final : public Grader {
 public:
  Verdict grade(const Question& question, const Response& response) const override {
    const StatedNumber stated = stated_number(response.text, response.finish == Finish::length);
    Verdict verdict{.value = 0, .label = "wrong"};
    if (stated.number.empty()) {
      verdict.label = "no answer";
      verdict.reason = stated.how;
      return verdict;
    }
    verdict.extracted = stated.number;
    verdict.vote = normal_decimal(stated.number);
    const bool right = same_decimal(stated.number, question.gold);
    if (right) {
      verdict.value = 1;
      verdict.label = "correct";
    }
    verdict.reason = fmt::format("{}: {} {} {}", stated.how, stated.number,
                                 right ? "equals" : "is not", question.gold);
    return verdict;
  }
};

class Arithmetic final : public Suite {
 public:
  explicit Arithmetic(std::uint64_t seed) : seed_(seed) {
    info_.name = "math/arithmetic";
    info_.version = 1;
    info_.prompt = "zero-shot-chat";
    info_.convention = "final-number";
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
