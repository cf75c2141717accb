// CRUXEval (facebookresearch/cruxeval): predict a function's output from its input, or an input
// from its output.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "suites/code/code_suite.h"
#include "suites/code/python_program.h"
#include "suites/code/rows.h"

namespace assay {

namespace {

using nlohmann::json;

std::string trimmed(std::string_view text) {
  const std::size_t begin = text.find_first_not_of(" \t\r\n");
  const std::size_t end = text.find_last_not_of(" \t\r\n");
  return begin == std::string_view::npos ? "" : std::string(text.substr(begin, end - begin + 1));
}

// What stands between the last [ANSWER] and [/ANSWER]; without tags, the last line that is not
// empty.
std::string answer_of(std::string_view text) {
  const std::size_t open = text.rfind("[ANSWER]");
  std::string answer;
  if (open != std::string_view::npos) {
    const std::size_t begin = open + std::string_view("[ANSWER]").size();
    answer = trimmed(text.substr(begin, text.find("[/ANSWER]", begin) - begin));
  } else {
    const std::string whole = trimmed(text);
    answer = trimmed(std::string_view(whole).substr(whole.rfind('\n') + 1));
  }
  // `assert f(..) == ..` is accepted beside the bare side that is asked for.
  return answer.substr(0, 7) == "assert " ? trimmed(std::string_view(answer).substr(7)) : answer;
}

std::string right_side(const std::string& answer, const std::string& input) {
  const std::string left = fmt::format("f({})", input);
  if (answer.compare(0, left.size(), left) == 0) {
    const std::size_t equal = answer.find("==", left.size());
    return equal == std::string::npos ? answer
                                      : trimmed(std::string_view(answer).substr(equal + 2));
  }
  const std::size_t equal = answer.substr(0, 2) == "f(" ? answer.find("==") : std::string::npos;
  return equal == std::string::npos ? answer : trimmed(std::string_view(answer).substr(equal + 2));
}

std::string left_side(const std::string& answer, const std::string& output) {
  const std::string right = "== " + output;
  const bool ends_so = answer.size() >= right.size() &&
                       answer.compare(answer.size() - right.size(), right.size(), right) == 0;
  const std::size_t end = ends_so ? answer.size() - right.size() : answer.find(") == ");
  std::string call =
      ends_so || end == std::string::npos ? answer.substr(0, end) : answer.substr(0, end + 1);
  call = trimmed(call);
  return call.substr(0, 2) == "f(" ? call : fmt::format("f({})", call);
}

constexpr const char* output_task =
    "Here is a Python function and a call of it. Work out what the call returns, even if the "
    "function looks wrong. Give the value as a Python literal, without calls or expressions, "
    "between [ANSWER] and [/ANSWER].\n\n```python\n{}\n```\n\nf({})";
constexpr const char* input_task =
    "Here is a Python function and a value. Find arguments for which the function returns exactly "
    "this value; any that do will count. Give the call as f(...) with Python literals as "
    "arguments, "
    "between [ANSWER] and [/ANSWER].\n\n```python\n{}\n```\n\nf(...) == {}";

}  // namespace

CodeSuiteParts cruxeval_suite(const std::filesystem::path& path, bool predict_input) {
  const std::vector<json> rows = read_rows(path);
  require_fields(rows, path, {"id", "code", "input", "output"});
  CodeSuiteParts parts;
  parts.info = {.name = predict_input ? "code/cruxeval-input" : "code/cruxeval",
                .version = 1,
                .prompt = "assay-zero-shot",
                .convention = predict_input ? "cruxeval-i" : "cruxeval-o",
                .summary = predict_input ? "800 Python functions: give an input for an output"
                                         : "800 Python functions: give the output for an input",
                .sampling = {.temperature = 0, .max_tokens = 1024}};
  for (const json& row : rows) {
    Question question;
    question.id = row["id"];
    question.text = predict_input
                        ? fmt::format(fmt::runtime(input_task), row["code"].get<std::string>(),
                                      row["output"].get<std::string>())
                        : fmt::format(fmt::runtime(output_task), row["code"].get<std::string>(),
                                      row["input"].get<std::string>());
    question.gold = row[predict_input ? "input" : "output"];
    question.fields = {{"code", row["code"]}, {"input", row["input"]}, {"output", row["output"]}};
    question.tags = {{"language", "python"}};
    parts.questions.push_back(std::move(question));
  }
  parts.ask = [](const Question& question) -> std::vector<Message> {
    return {{Role::user, question.text}};
  };
  parts.judge = [predict_input](Workshop& workshop, const Question& question,
                                const Response& response) {
    const std::string answer = answer_of(response.text);
    const std::string& reference = question.fields.at("code");
    json check = {{"form", predict_input ? "input" : "output"},
                  {"reference", reference},
                  {"input", question.fields.at("input")},
                  {"output", question.fields.at("output")}};
    // The answer is an expression, and may be anything: it is evaluated as answers are, elsewhere.
    const std::string side = predict_input ? left_side(answer, question.fields.at("output"))
                                           : right_side(answer, question.fields.at("input"));
    const std::string code = fmt::format(
        "{}def assay_answer():\n    return (\n{}\n)\n",
        predict_input ? "def f(*arguments, **named):\n    return ('arguments', arguments, named)\n"
                      : "",
        side);
    const Limits limits = limits_of(3);
    return to_verdict(check_python(*workshop.launcher, code, check, limits), side);
  };
  return parts;
}

}  // namespace assay
