// Problems in LiveCodeBench's form: programs from standard input to standard output, or methods of
// a class called with JSON arguments.
#include <algorithm>
#include <array>
#include <cstdlib>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <zlib.h>

#include "harness/error.h"
#include "suites/code/code_suite.h"
#include "suites/code/output.h"
#include "suites/code/policy.h"
#include "suites/code/python_program.h"
#include "suites/code/rows.h"

namespace assay {

namespace {

using nlohmann::json;

constexpr double test_limit_s = 6;

std::string decode_base64(std::string_view text) {
  std::string bytes;
  std::uint32_t bits = 0;
  int count = 0;
  for (const char c : text) {
    const int value = c >= 'A' && c <= 'Z'   ? c - 'A'
                      : c >= 'a' && c <= 'z' ? c - 'a' + 26
                      : c >= '0' && c <= '9' ? c - '0' + 52
                      : c == '+'             ? 62
                      : c == '/'             ? 63
                                             : -1;
    if (value < 0) {
      continue;
    }
    bits = (bits << 6U) | static_cast<std::uint32_t>(value);
    if (++count % 4 != 1) {
      bytes +=
          static_cast<char>((bits >> (6U - 2U * (static_cast<unsigned>(count - 1) % 4U))) & 255U);
    }
  }
  return bytes;
}

std::string inflated(const std::string& bytes) {
  constexpr std::size_t bytes_max = std::size_t{512} << 20U;
  std::string text;
  z_stream stream{};
  if (inflateInit(&stream) != Z_OK) {
    throw std::runtime_error("zlib cannot start");
  }
  std::string input = bytes;
  stream.next_in = reinterpret_cast<Bytef*>(input.data());
  stream.avail_in = static_cast<uInt>(input.size());
  int state = Z_OK;
  std::array<char, 1 << 16> part{};
  while (state == Z_OK && text.size() < bytes_max) {
    stream.next_out = reinterpret_cast<Bytef*>(part.data());
    stream.avail_out = part.size();
    state = inflate(&stream, Z_NO_FLUSH);
    text.append(part.data(), part.size() - stream.avail_out);
  }
  inflateEnd(&stream);
  if (state != Z_STREAM_END) {
    throw std::runtime_error("private tests are not zlib data");
  }
  return text;
}

// The one string in a pickle of a string: its opcode is X (four bytes of length), \x8c (one) or
// \x8d (eight). Nothing of the pickle is executed.
std::string string_of_pickle(const std::string& pickle) {
  for (std::size_t i = 0; i + 9 < pickle.size() && i < 32; ++i) {
    const auto opcode = static_cast<unsigned char>(pickle[i]);
    const std::size_t width = opcode == 'X' ? 4 : opcode == 0x8c ? 1 : opcode == 0x8d ? 8 : 0;
    std::uint64_t size = 0;
    for (std::size_t k = 0; k < width; ++k) {
      size |= std::uint64_t{static_cast<unsigned char>(pickle[i + 1 + k])} << (8 * k);
    }
    const std::size_t begin = i + 1 + width;
    if (width > 0 && size > 0 && size <= pickle.size() - begin &&
        (pickle[begin] == '[' || pickle[begin] == '{')) {
      return pickle.substr(begin, size);
    }
  }
  throw std::runtime_error("private tests are not a pickled text");
}

// A list of {"input", "output", "testtype"}: as JSON, as a text of JSON, or as base64 of zlib of a
// pickle of a text of JSON, which is how the private tests are published.
json tests_of(const json& value) {
  if (!value.is_string()) {
    return value;
  }
  const std::string text = value;
  json tests = json::parse(text, nullptr, false);
  return tests.is_discarded() ? json::parse(string_of_pickle(inflated(decode_base64(text))))
                              : tests;
}

json all_tests(const json& row) {
  json tests = json::array();
  for (const char* field : {"public_test_cases", "private_test_cases"}) {
    if (row.contains(field)) {
      for (json& test : tests_of(row[field])) {
        tests.push_back(std::move(test));
      }
    }
  }
  return tests;
}

// Arguments stand one to a line, each as JSON.
json arguments_of(const std::string& input) {
  json arguments = json::array();
  for (std::size_t begin = 0; begin < input.size();) {
    const std::size_t end = std::min(input.find('\n', begin), input.size());
    const std::string line = input.substr(begin, end - begin);
    if (line.find_first_not_of(" \t\r") != std::string::npos) {
      arguments.push_back(json::parse(line));
    }
    begin = end + 1;
  }
  return arguments;
}

std::string function_of(const json& row) {
  const json value = row.value("metadata", json());
  const json metadata = value.is_string() ? json::parse(value.get<std::string>()) : value;
  return metadata.is_object() && metadata.contains("func_name") && metadata["func_name"].is_string()
             ? metadata["func_name"].get<std::string>()
             : "";
}

Question question_of(const json& row) {
  Question question;
  question.id = row.at("question_id");
  const std::string starter = row.value("starter_code", "");
  question.text = fmt::format(
      "### Question:\n{}\n\n### Format: {}\n```python\n{}\n```\n\n### Answer: (use the provided "
      "format with backticks)\n\n",
      row.at("question_content").get<std::string>(),
      starter.empty()
          ? "Read the inputs from stdin solve the problem and write the answer to stdout "
            "(do not directly test on the sample inputs). Enclose your code within "
            "delimiters as follows. Ensure that when the python program runs, it reads "
            "the inputs, runs the algorithm and writes output to STDOUT."
          : "You will use the following starter code to write the solution to the "
            "problem and enclose your code within delimiters.",
      starter.empty() ? "# YOUR CODE HERE" : starter);
  const json tests = all_tests(row);
  const std::string function = function_of(row);
  if (tests.empty()) {
    throw std::runtime_error("it has no tests");
  }
  if (tests[0].value("testtype", "stdin") == "functional") {
    json cases = json::array();
    for (const json& test : tests) {
      cases.push_back({{"arguments", arguments_of(test.at("input"))},
                       {"expected", json::parse(test.at("output").get<std::string>())}});
    }
    question.fields["check"] = json{
        {"form", "cases"},
        {"call", function},
        {"cases", cases},
        {"method", true},
        {"limit_s", test_limit_s}}.dump();
    question.fields["count"] = std::to_string(cases.size());
  } else {
    question.fields["tests"] = tests.dump();
  }
  question.tags["language"] = "python";
  for (const char* tag : {"platform", "difficulty"}) {
    if (row.contains(tag) && row[tag].is_string()) {
      question.tags[tag] = row[tag];
    }
  }
  if (const std::string date = row.value("contest_date", ""); date.size() >= 7) {
    question.tags["month"] = date.substr(0, 7);
  }
  return question;
}

}  // namespace

CodeSuiteParts livecodebench_suite(const std::filesystem::path& path) {
  const std::vector<json> rows = read_rows(path);
  require_fields(rows, path, {"question_id", "question_content"});
  CodeSuiteParts parts;
  parts.info = {
      .name = "code/livecodebench",
      .version = 1,
      .prompt = "livecodebench-generic",
      .convention = "livecodebench",
      .summary = "contest problems in LiveCodeBench's form: stdin to stdout, or a method",
      .sampling = {.temperature = 0.2, .top_p = 0.95, .max_tokens = 2000, .stop = {"###"}},
      .samples = 10};
  for (const json& row : rows) {
    try {
      parts.questions.push_back(question_of(row));
    } catch (const std::exception& error) {
      throw UserError(
          fmt::format("{}: row {}: {}", path.string(), parts.questions.size() + 1, error.what()));
    }
  }
  parts.ask = [](const Question& question) -> std::vector<Message> {
    return {{Role::system,
             "You are an expert Python programmer. You will be given a question (problem "
             "specification) and will generate a correct Python program that matches the "
             "specification and passes all tests."},
            {Role::user, question.text}};
  };
  parts.judge = [](Workshop& workshop, const Question& question, const Response& response) {
    const std::string code = python_text(code_policy("livecodebench"), "", "", response.text);
    if (const auto check = question.fields.find("check"); check != question.fields.end()) {
      const Limits limits =
          limits_of((test_limit_s + 1) * std::stod(question.fields.at("count")) + 5);
      return to_verdict(check_python(*workshop.launcher, code, json::parse(check->second), limits),
                        code);
    }
    const Limits limits = limits_of(test_limit_s);
    const ProgramRun run = [&](const std::string& input, std::string& out) {
      return run_python(*workshop.launcher, code, input, limits, out);
    };
    return to_verdict(check_output(run, json::parse(question.fields.at("tests"))), code);
  };
  return parts;
}

}  // namespace assay
