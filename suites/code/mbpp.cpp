// MBPP, sanitized or full (google-research/mbpp).
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "suites/code/code_suite.h"
#include "suites/code/policy.h"
#include "suites/code/python_program.h"
#include "suites/code/rows.h"
#include "suites/code/tests_of_rows.h"

namespace assay {

namespace {

using nlohmann::json;

std::string joined(const json& lines) {
  std::string text;
  for (const json& line : lines) {
    text += line.get<std::string>() + "\n";
  }
  return text;
}

// The splits of the paper: ids 1-10 are few-shot examples, 11-510 the test.
const char* split_of(int id) {
  return id <= 10 ? "prompt" : id <= 510 ? "test" : id <= 600 ? "validation" : "train";
}

Question question_of(const json& row) {
  const bool sanitized = row.contains("prompt");
  const int id = row.at("task_id");
  Question question;
  question.id = fmt::format("MBPP/{}", id);
  question.text = fmt::format(
      "You are an expert Python programmer, and here is your task: {} Your code should pass these "
      "tests:\n\n{}",
      row.at(sanitized ? "prompt" : "text").get<std::string>(), joined(row.at("test_list")));
  question.gold = row.value("code", "");
  json steps = json::array();
  if (const std::string setup = row.value("test_setup_code", ""); !setup.empty()) {
    steps.push_back(setup);
  }
  for (const json& assertion : row.at("test_list")) {
    steps.push_back(assertion);
  }
  const std::string imports = row.contains("test_imports") ? joined(row["test_imports"]) : "";
  question.fields["check"] = assertions_check(imports, steps, question.gold).dump();
  question.tags = {{"language", "python"}, {"split", split_of(id)}};
  return question;
}

}  // namespace

CodeSuiteParts mbpp_suite(const std::filesystem::path& path) {
  const std::vector<json> rows = read_rows(path);
  require_fields(rows, path, {"task_id", "code", "test_list"});
  CodeSuiteParts parts;
  parts.info = {.name = "code/mbpp",
                .version = 1,
                .prompt = "mbpp-zero-shot",
                .convention = "first-block",
                .summary = "427 short Python tasks with three assertions each (MBPP sanitized)",
                .sampling = {.temperature = 0, .max_tokens = 2048}};
  for (const json& row : rows) {
    parts.questions.push_back(question_of(row));
  }
  parts.ask = [](const Question& question) -> std::vector<Message> {
    return {{Role::user, question.text + "\nPut your code into one ```python block."}};
  };
  parts.judge = [](Workshop& workshop, const Question& question, const Response& response) {
    const std::string code = pick_code(response.text, Pick::first_block, python_labels);
    const json check = json::parse(question.fields.at("check"));
    // The reference of MBPP/123 alone takes a second or two.
    const Limits limits = limits_of(10);
    return to_verdict(check_python(*workshop.launcher, code, check, limits), code);
  };
  return parts;
}

}  // namespace assay
