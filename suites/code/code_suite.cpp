#include "suites/code/code_suite.h"

#include <utility>

namespace assay {

namespace {

class CodeSuite : public Suite, private Grader {
 public:
  CodeSuite(CodeSuiteParts parts, std::shared_ptr<Workshop> workshop)
      : parts_(std::move(parts)), workshop_(std::move(workshop)) {}

  const SuiteInfo& info() const override { return parts_.info; }
  std::vector<Question> questions() const override { return parts_.questions; }
  const Grader& grader() const override { return *this; }

  Prompt prompt(const Question& question) const override {
    Prompt prompt;
    prompt.messages = parts_.ask(question);
    return prompt;
  }

 private:
  Verdict grade(const Question& question, const Response& response) const override {
    return parts_.judge(*workshop_, question, response);
  }

  const CodeSuiteParts parts_;
  const std::shared_ptr<Workshop> workshop_;
};

}  // namespace

std::unique_ptr<Suite> make_code_suite(CodeSuiteParts parts, std::shared_ptr<Workshop> workshop) {
  return std::make_unique<CodeSuite>(std::move(parts), std::move(workshop));
}

}  // namespace assay
