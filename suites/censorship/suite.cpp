#include "suites/censorship/suite.h"

#include <utility>

namespace assay::censorship {

namespace {

class AsItStands : public Suite {
 public:
  AsItStands(SuiteInfo info, std::vector<Question> questions, std::shared_ptr<const Grader> grader)
      : info_(std::move(info)), questions_(std::move(questions)), grader_(std::move(grader)) {}

  const SuiteInfo& info() const override { return info_; }
  std::vector<Question> questions() const override { return questions_; }
  const Grader& grader() const override { return *grader_; }

  Prompt prompt(const Question& question) const override {
    Prompt prompt;
    prompt.messages.push_back({Role::user, question.text});
    return prompt;
  }

 private:
  SuiteInfo info_;
  std::vector<Question> questions_;
  std::shared_ptr<const Grader> grader_;
};

}  // namespace

std::unique_ptr<Suite> make_suite(std::string name, std::string summary,
                                  std::vector<Question> questions,
                                  std::shared_ptr<const Grader> grader) {
  SuiteInfo info;
  info.name = std::move(name);
  // 2: weights and rules that know soft refusals; a withheld answer covers nothing.
  info.version = 2;
  info.prompt = "as-it-stands";
  info.convention = "assay-compliance";
  info.summary = std::move(summary);
  info.sampling.temperature = 0.6;
  info.sampling.top_p = 0.95;
  info.sampling.max_tokens = 4096;
  return make_suite(std::move(info), std::move(questions), std::move(grader));
}

std::unique_ptr<Suite> make_suite(SuiteInfo info, std::vector<Question> questions,
                                  std::shared_ptr<const Grader> grader) {
  return std::make_unique<AsItStands>(std::move(info), std::move(questions), std::move(grader));
}

}  // namespace assay::censorship
