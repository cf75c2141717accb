#include "suites/code/basics.h"

#include <map>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/code/code_suite.h"
#include "suites/code/policy.h"
#include "suites/code/python_program.h"
#include "suites/code/rows.h"

namespace assay {

namespace {

using nlohmann::json;

// The types of a row are Python's; C++'s follow from them.
const std::map<std::string, std::string, std::less<>>& cpp_types() {
  static const std::map<std::string, std::string, std::less<>> types = {
      {"int", "long long"},
      {"float", "double"},
      {"bool", "bool"},
      {"str", "std::string"},
      {"list[int]", "std::vector<long long>"},
      {"list[float]", "std::vector<double>"},
      {"list[str]", "std::vector<std::string>"},
      {"list[bool]", "std::vector<bool>"},
      {"list[list[int]]", "std::vector<std::vector<long long>>"},
      {"list[list[str]]", "std::vector<std::vector<std::string>>"},
      {"dict[str, int]", "std::map<std::string, long long>"}};
  return types;
}

const std::string& cpp_type(const std::string& type) {
  const auto found = cpp_types().find(type);
  if (found == cpp_types().end()) {
    throw UserError(fmt::format("code/basics: no C++ type for '{}'", type));
  }
  return found->second;
}

std::string quoted(const std::string& text) {
  std::string literal = "std::string(\"";
  for (const char c : text) {
    // Octal escapes end after three digits, unlike those in hex.
    literal += (c == '"' || c == '\\' || static_cast<unsigned char>(c) < 0x20 ||
                static_cast<unsigned char>(c) >= 0x7f || c == '?')
                   ? fmt::format("\\{:03o}", static_cast<unsigned char>(c))
                   : std::string(1, c);
  }
  return literal + fmt::format("\", {})", text.size());
}

std::string cpp_value(const json& value, const std::string& type) {
  if (value.is_boolean()) {
    return value.get<bool>() ? "true" : "false";
  }
  if (value.is_string()) {
    return quoted(value);
  }
  if (value.is_number()) {
    return type == "float" ? fmt::format("{:.17g}{}", value.get<double>(),
                                         value.is_number_integer() ? ".0" : "")
                           : fmt::format("{}LL", value.get<long long>());
  }
  std::string list;
  if (value.is_object()) {
    for (const auto& [key, each] : value.items()) {
      list += fmt::format("{}{{{}, {}}}", list.empty() ? "" : ", ", quoted(key),
                          cpp_value(each, "int"));
    }
  } else {
    const std::string inner = type.substr(5, type.size() - 6);  // list[...]
    for (const json& each : value) {
      list += fmt::format("{}{}", list.empty() ? "" : ", ", cpp_value(each, inner));
    }
  }
  return fmt::format("{}{{{}}}", cpp_type(type), list);
}

std::string indented(const std::string& text, const std::string& by) {
  std::string result;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    result += by + text.substr(begin, end - begin) + "\n";
    begin = end + 1;
  }
  return result;
}

std::vector<Message> ask(const Question& question) {
  const bool python = question.tags.at("language") == "python";
  return {{Role::user,
           fmt::format("Write this {} function. Answer with one code block that holds the whole "
                       "function and whatever it needs.\n\n```{}\n{}\n```",
                       python ? "Python" : "C++17", python ? "python" : "cpp", question.text)}};
}

Verdict judge(Workshop& workshop, const Question& question, const Response& response) {
  const CodePolicy& policy = code_policy("first-block");
  const std::string& test = question.fields.at("test");
  const Limits limits = limits_of(5);
  if (question.tags.at("language") == "python") {
    const std::string code =
        python_text(policy, question.text, question.fields.at("entry_point"), response.text);
    return to_verdict(check_python(*workshop.launcher, code, json::parse(test), limits), code);
  }
  const std::string code = cpp_text(policy, question.text, response.text, test);
  return to_verdict(workshop.cpp.check({question.text, test}, code, limits), code);
}

}  // namespace

std::string basics_python_prompt(const json& row) {
  std::string parameters;
  for (const json& parameter : row.at("parameters")) {
    parameters += fmt::format("{}{}: {}", parameters.empty() ? "" : ", ",
                              parameter[0].get<std::string>(), parameter[1].get<std::string>());
  }
  const std::string task = row.at("task");
  return fmt::format("def {}({}) -> {}:\n    \"\"\"\n{}    \"\"\"\n",
                     row.at("name").get<std::string>(), parameters,
                     row.at("returns").get<std::string>(), indented(task, "    "));
}

std::string basics_cpp_prompt(const json& row) {
  std::string parameters;
  for (const json& parameter : row.at("parameters")) {
    parameters += fmt::format("{}{} {}", parameters.empty() ? "" : ", ", cpp_type(parameter[1]),
                              parameter[0].get<std::string>());
  }
  const std::string task = row.at("task");
  return fmt::format("#include <bits/stdc++.h>\n\n{}{} {}({}) {{\n", indented(task, "// "),
                     cpp_type(row.at("returns")), row.at("name").get<std::string>(), parameters);
}

json basics_python_check(const json& row) {
  return {{"form", "cases"}, {"call", row.at("name")}, {"cases", row.at("cases")}};
}

std::string basics_cpp_tests(const json& row) {
  const std::string returns = row.at("returns");
  std::string tests;
  for (const json& test : row.at("cases")) {
    std::string arguments;
    for (std::size_t i = 0; i < test.at("arguments").size(); ++i) {
      arguments += fmt::format("{}{}", i > 0 ? ", " : "",
                               cpp_value(test["arguments"][i], row.at("parameters").at(i).at(1)));
    }
    tests += fmt::format("  assert(same({}({}), {}));\n", row.at("name").get<std::string>(),
                         arguments, cpp_value(test.at("expected"), returns));
  }
  return fmt::format(
      "\ntemplate <class T>\nbool same(const T& a, const T& b) {{ return a == b; }}\n"
      "bool same(double a, double b) {{ return a == b || std::abs(a - b) <= 1e-6 + 1e-7 * "
      "std::abs(b); }}\n"
      "bool same(const std::vector<double>& a, const std::vector<double>& b) {{\n"
      "  return a.size() == b.size() && std::equal(a.begin(), a.end(), b.begin(), [](double x, "
      "double y) {{ return "
      "same(x, y); }});\n}}\nint main() {{\n{}  return 0;\n}}\n",
      tests);
}

CodeSuiteParts basics_suite(const std::filesystem::path& path) {
  const std::vector<json> rows = read_rows(path);
  require_fields(rows, path, {"name", "task", "parameters", "returns", "python", "cpp", "cases"});
  CodeSuiteParts parts;
  parts.info = {.name = "code/basics",
                .version = 1,
                .prompt = "assay-basics",
                .convention = "first-block",
                .summary = "small problems of this project's own, each in Python and in C++",
                .sampling = {.temperature = 0, .max_tokens = 2048}};
  for (const json& row : rows) {
    const std::string name = row["name"];
    for (const bool python : {true, false}) {
      Question question;
      question.id = fmt::format("{}/{}", python ? "python" : "cpp", name);
      question.text = python ? basics_python_prompt(row) : basics_cpp_prompt(row);
      question.gold = row[python ? "python" : "cpp"];
      question.fields["entry_point"] = name;
      question.fields["test"] = python ? basics_python_check(row).dump() : basics_cpp_tests(row);
      question.tags["language"] = python ? "python" : "cpp";
      parts.questions.push_back(std::move(question));
    }
  }
  parts.ask = ask;
  parts.judge = judge;
  return parts;
}

}  // namespace assay
