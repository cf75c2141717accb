// HumanEval and HumanEval+: openai/human-eval's questions, EvalPlus's further inputs.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/code/code_suite.h"
#include "suites/code/policy.h"
#include "suites/code/python_program.h"
#include "suites/code/rows.h"
#include "suites/code/tests_of_rows.h"

namespace assay {

namespace {

using nlohmann::json;

// DeepSeek-Coder's instruction for chat models (Evaluation/HumanEval/eval_instruct.py).
std::vector<Message> ask_to_complete(const Question& question) {
  return {
      {Role::user,
       fmt::format("Please continue to complete the function. You are not allowed to modify the "
                   "given code and do the completion only. Please return all completed function "
                   "in a codeblock. Here is the given code to do completion:\n```python\n{}\n```",
                   question.text)}};
}

// EvalPlus's instruction.
std::vector<Message> ask_for_script(const Question& question) {
  return {{Role::user,
           fmt::format("Please provide a self-contained Python script that solves the following "
                       "problem in a markdown code block:\n```python\n{}\n```",
                       question.text)}};
}

Question question_of(const json& row, const json& check) {
  Question question;
  question.id = row.at("task_id");
  question.text = row.at("prompt");
  question.gold = row.value("canonical_solution", "");
  question.fields = {{"entry_point", row.at("entry_point")}, {"check", check.dump()}};
  question.tags = {{"language", "python"}};
  return question;
}

Verdict judge_with(const CodePolicy& policy, Workshop& workshop, const Question& question,
                   const Response& response) {
  const std::string code =
      python_text(policy, question.text, question.fields.at("entry_point"), response.text);
  const Limits limits = limits_of(policy.time_s);
  const json check = json::parse(question.fields.at("check"));
  const Outcome outcome = check_python(*workshop.launcher, code, check, limits,
                                       policy.sanitized ? question.fields.at("entry_point") : "");
  Verdict verdict = to_verdict(outcome, code);
  if (const auto base = question.fields.find("base_inputs");
      base != question.fields.end() && verdict.value) {
    // The base inputs come first: they passed if a later call was reached.
    const bool passed = outcome.kind == Kind::passed || outcome.calls > std::stoi(base->second);
    verdict.readings.push_back({"evalplus-base", passed ? 1.0 : 0.0, ""});
  }
  return verdict;
}

}  // namespace

CodeSuiteParts humaneval_suite(const std::filesystem::path& path) {
  const std::vector<json> rows = read_rows(path);
  require_fields(rows, path, {"task_id", "prompt", "entry_point", "test"});
  CodeSuiteParts parts;
  parts.info = {.name = "code/humaneval",
                .version = 1,
                .prompt = "deepseek-coder-instruct",
                .convention = "deepseek-coder",
                .summary = "164 Python functions from their docstrings (openai/human-eval)",
                .sampling = {.temperature = 0, .max_tokens = 2048}};
  for (const json& row : rows) {
    parts.questions.push_back(
        question_of(row, humaneval_check(row["prompt"], row["test"], row["entry_point"])));
  }
  parts.ask = ask_to_complete;
  parts.judge = [](Workshop& workshop, const Question& question, const Response& response) {
    return judge_with(code_policy("deepseek-coder"), workshop, question, response);
  };
  return parts;
}

CodeSuiteParts humaneval_plus_suite(const std::filesystem::path& path) {
  const std::vector<json> rows = read_rows(path);
  require_fields(
      rows, path,
      {"task_id", "prompt", "entry_point", "canonical_solution", "base_input", "plus_input"});
  CodeSuiteParts parts;
  parts.info = {.name = "code/humaneval-plus",
                .version = 1,
                .prompt = "evalplus",
                .convention = "evalplus",
                .summary = "HumanEval with EvalPlus's further inputs; the base score is a reading",
                .sampling = {.temperature = 0, .max_tokens = 2048}};
  for (const json& row : rows) {
    try {
      parts.questions.push_back(question_of(row, evalplus_check(row)));
      const json& base = row["base_input"];
      const std::size_t count =
          base.is_string() ? json::parse(base.get<std::string>()).size() : base.size();
      parts.questions.back().fields["base_inputs"] = std::to_string(count);
    } catch (const std::exception& error) {
      throw UserError(
          fmt::format("{}: row {}: {}", path.string(), parts.questions.size() + 1, error.what()));
    }
  }
  parts.ask = ask_for_script;
  parts.judge = [](Workshop& workshop, const Question& question, const Response& response) {
    return judge_with(code_policy("evalplus"), workshop, question, response);
  };
  return parts;
}

}  // namespace assay
