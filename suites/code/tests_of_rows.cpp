#include "suites/code/tests_of_rows.h"

#include <regex>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"

namespace assay {

namespace {

using nlohmann::json;

bool defines_check(const std::string& test) {
  static const std::regex definition(R"((^|\n)def\s+check\s*\()");
  return std::regex_search(test, definition);
}

// Inputs come as JSON, or as a text that holds JSON.
json inputs_of(const json& row, const char* field) {
  const json& value = row.at(field);
  return value.is_string() ? json::parse(value.get<std::string>()) : value;
}

}  // namespace

json defined_names(const std::string& code) {
  static const std::regex definition(R"((^|\n)(?:async\s+)?(?:def|class)\s+(\w+))");
  json names = json::array();
  for (std::sregex_iterator it(code.begin(), code.end(), definition), end; it != end; ++it) {
    names.push_back((*it)[2].str());
  }
  return names;
}

json humaneval_check(const std::string& prompt, const std::string& test,
                     const std::string& entry_point) {
  // The prompt ends in a docstring: with a body it defines what the test may use beside the answer.
  return {{"form", "code"},
          {"setup", prompt + "\n    pass\n"},
          {"code", test},
          {"call", entry_point},
          {"names", {entry_point}}};
}

json assertions_check(const std::string& setup, const json& assertions,
                      const std::string& reference) {
  return {{"form", "code"},
          {"setup", setup},
          {"code", assertions},
          {"names", defined_names(reference)}};
}

json evalplus_check(const json& row) {
  json inputs = inputs_of(row, "base_input");
  for (json& input : inputs_of(row, "plus_input")) {
    inputs.push_back(std::move(input));
  }
  const std::string entry_point = row.at("entry_point");
  const json& atol = row.value("atol", json(0));
  json check = {
      {"form", "inputs"},
      {"reference",
       row.at("prompt").get<std::string>() + row.at("canonical_solution").get<std::string>()},
      {"call", entry_point},
      {"inputs", std::move(inputs)},
      {"atol", atol.is_string() ? std::stod(atol.get<std::string>()) : atol.get<double>()},
      {"limit_min_s", 4.0},
      {"limit_factor", 4.0}};
  if (entry_point == "find_zero") {
    check["root_of"] = "poly";
  }
  return check;
}

json check_of_row(const json& row) {
  const char* field = row.contains("test") ? "test" : row.contains("tests") ? "tests" : "test_list";
  if (!row.contains(field)) {
    throw UserError("a row has no field 'test', 'tests' or 'test_list'");
  }
  const json& test = row[field];
  const std::string prompt = row.value("prompt", "");
  const std::string entry_point = row.value("entry_point", "");
  if (test.is_string() && defines_check(test)) {
    if (entry_point.empty()) {
      throw UserError("a row whose test defines check() has no field 'entry_point'");
    }
    return humaneval_check(prompt, test, entry_point);
  }
  if (!test.is_string() && !test.is_array()) {
    throw UserError(fmt::format("a row's field '{}' is neither a text nor a list", field));
  }
  json check = assertions_check(row.value("test_setup_code", ""), test, row.value("code", ""));
  if (!entry_point.empty()) {
    check["names"].push_back(entry_point);
  }
  return check;
}

}  // namespace assay
