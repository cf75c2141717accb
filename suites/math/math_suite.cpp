#include "suites/math/math_suite.h"

#include <cmath>
#include <cstdlib>

#include <fmt/core.h>

#include "harness/error.h"
#include "suites/math/conventions.h"
#include "suites/math/protocols.h"

namespace assay::math {

namespace {

std::optional<double> value_of(const Judged& judged) {
  if (judged.found && judged.decision == Decision::undecided) {
    return std::nullopt;
  }
  return judged.found && judged.decision == Decision::equal ? 1.0 : 0.0;
}

std::string label_of(const Judged& judged) {
  if (!judged.found) {
    switch (judged.absence) {
      case Absence::refused:
        return "refused";
      case Absence::unfinished:
        return "unfinished";
      default:
        return "no answer";
    }
  }
  return judged.decision == Decision::equal       ? "correct"
         : judged.decision == Decision::different ? "wrong"
                                                  : "undecided";
}

// "1e-8" or "0.1,0.05": one per part of the answer. What is no number counts as none.
std::vector<double> tolerances(const std::string& text) {
  std::vector<double> values;
  for (size_t begin = 0; begin <= text.size();) {
    const size_t end = std::min(text.find(',', begin), text.size());
    const double value = std::strtod(text.substr(begin, end - begin).c_str(), nullptr);
    values.push_back(std::isfinite(value) && value > 0 ? value : 0);
    begin = end + 1;
  }
  return values;
}

Judged judge_question(const Convention& one, const Question& question, const Response& response) {
  const bool cut_off = response.finish == Finish::length;
  const auto tolerance = question.fields.find("tolerance");
  if (tolerance == question.fields.end()) {
    return judge(one, response.text, question.gold, cut_off);
  }
  Policy policy = policy_of(one.name);
  policy.tolerance = tolerances(tolerance->second);
  return judge_by(one, policy, response.text, question.gold, cut_off);
}

class MathSuite : public Suite {
 public:
  MathSuite(const MathSuiteSpec& spec, const std::filesystem::path& file, const Protocol& asked_by)
      : directive_(asked_by.directive),
        language_(spec.language),
        questions_(load_questions(file, spec.format, id_prefix(spec.name), spec.language)),
        grader_(spec.primary, spec.recorded) {
    info_.name = spec.name;
    info_.prompt =
        fmt::format("zero-shot-{}{}", directive_ == Directive::boxed ? "boxed" : "answer",
                    language_ == "zh" ? "-zh" : "");
    info_.convention = spec.primary;
    info_.summary = spec.summary;
    info_.sampling = asked_by.sampling;
    info_.samples = asked_by.samples(questions_.size());
  }

  const SuiteInfo& info() const override { return info_; }
  std::vector<Question> questions() const override { return questions_; }
  const Grader& grader() const override { return grader_; }

  Prompt prompt(const Question& question) const override {
    Prompt prompt;
    prompt.messages.push_back({Role::user, directed(question.text, directive_, language_)});
    return prompt;
  }

 private:
  static std::string id_prefix(const std::string& name) { return name.substr(name.find('/') + 1); }

  Directive directive_;
  std::string language_;
  SuiteInfo info_;
  std::vector<Question> questions_;
  MathGrader grader_;
};

}  // namespace

MathGrader::MathGrader(std::string primary, std::vector<std::string> recorded)
    : primary_(std::move(primary)), recorded_(std::move(recorded)) {
  convention(primary_);  // throws where a name is wrong: here, not in the middle of a run
  for (const std::string& name : recorded_) {
    convention(name);
  }
}

Verdict MathGrader::grade(const Question& question, const Response& response) const {
  const Judged judged = judge_question(convention(primary_), question, response);
  Verdict verdict;
  verdict.value = value_of(judged);
  verdict.label = label_of(judged);
  verdict.extracted = judged.extracted;
  verdict.vote = judged.vote;
  verdict.reason = judged.reason;
  verdict.readings.push_back({primary_, verdict.value, judged.extracted});
  for (const std::string& name : recorded_) {
    const Judged other = judge_question(convention(name), question, response);
    verdict.readings.push_back({name, value_of(other), other.extracted});
  }
  return verdict;
}

std::unique_ptr<Suite> make_math_suite(const MathSuiteSpec& spec, const std::filesystem::path& file,
                                       std::string_view protocol_name) {
  return std::make_unique<MathSuite>(spec, file, protocol(protocol_name));
}

}  // namespace assay::math
