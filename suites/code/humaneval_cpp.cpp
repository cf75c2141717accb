// HumanEval in C++: the questions of HumanEval-X (THUDM/CodeGeeX) or of MultiPL-E, told apart by
// their fields.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "suites/code/code_suite.h"
#include "suites/code/policy.h"
#include "suites/code/rows.h"

namespace assay {

namespace {

using nlohmann::json;

// MultiPL-E's prompts may come with an empty body that the tests are not meant to meet.
std::string open_prompt(std::string prompt) {
  const std::size_t end = prompt.find_last_not_of(" \t\r\n");
  if (end != std::string::npos && prompt[end] == '}') {
    prompt.resize(end);
    prompt.resize(prompt.find_last_not_of(" \t\r\n") + 1);
    prompt += '\n';
  }
  return prompt;
}

}  // namespace

CodeSuiteParts humaneval_cpp_suite(const std::filesystem::path& path) {
  const std::vector<json> rows = read_rows(path);
  const bool multipl_e = rows.front().contains("name") && rows.front().contains("tests");
  require_fields(rows, path,
                 {"prompt", multipl_e ? "name" : "task_id", multipl_e ? "tests" : "test"});
  CodeSuiteParts parts;
  parts.info = {.name = "code/humaneval-cpp",
                .version = 1,
                .prompt = "deepseek-coder-instruct",
                .convention = multipl_e ? "multipl-e" : "humaneval-x",
                .summary = "HumanEval in C++ (HumanEval-X or MultiPL-E), g++ -std=c++17",
                .sampling = {.temperature = 0, .max_tokens = 2048}};
  for (const json& row : rows) {
    Question question;
    question.id = row.at(multipl_e ? "name" : "task_id");
    const std::string prompt = row.at("prompt");
    question.text = multipl_e ? open_prompt(prompt) : prompt;
    question.gold = row.value("canonical_solution", "");
    question.fields["tests"] = row.at(multipl_e ? "tests" : "test");
    question.tags = {{"language", "cpp"}};
    parts.questions.push_back(std::move(question));
  }
  parts.ask = [](const Question& question) -> std::vector<Message> {
    return {{Role::user,
             fmt::format("Please continue to complete the function. You are not allowed to modify "
                         "the given code and do the completion only. Please return all completed "
                         "function in a codeblock. Here is the given code to do completion:\n"
                         "```cpp\n{}\n```",
                         question.text)}};
  };
  parts.judge = [](Workshop& workshop, const Question& question, const Response& response) {
    const std::string& tests = question.fields.at("tests");
    const std::string code =
        cpp_text(code_policy("deepseek-coder"), question.text, response.text, tests);
    const Limits limits = limits_of(10);
    return to_verdict(workshop.cpp.check({question.text, tests}, code, limits), code);
  };
  return parts;
}

}  // namespace assay
