#include "suites/code/grade.h"

#include <map>
#include <mutex>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/code/policy.h"
#include "suites/code/python_program.h"
#include "suites/code/rows.h"
#include "suites/code/tests_of_rows.h"

namespace assay {

namespace {

using nlohmann::json;

std::string text_of(const json& row, const char* field) {
  if (!row.contains(field)) {
    return "";
  }
  if (!row[field].is_string()) {
    throw UserError(fmt::format("a row's field '{}' is not a text", field));
  }
  return row[field];
}

std::string answer_of(const json& row) {
  if (!row.is_object()) {
    throw UserError("a row is not a JSON object");
  }
  for (const char* field : {"completion", "response"}) {
    if (row.contains(field)) {
      return text_of(row, field);
    }
  }
  throw UserError("a row has no field 'completion' or 'response'");
}

// The policy's default depends on the field: a response is read for its code block.
const CodePolicy& policy_for(const std::string& policy, const json& row) {
  const bool is_response = !row.contains("completion");
  return code_policy(!policy.empty() ? policy : is_response ? "first-block" : "auto");
}

std::string id_of(const json& row) {
  const json id = row.value("task_id", json());
  return id.is_string()           ? id.get<std::string>()
         : id.is_number_integer() ? fmt::format("MBPP/{}", id.get<int>())
                                  : "";
}

// Rows of installed data files by task id, read when the first is asked for.
class Installed {
 public:
  explicit Installed(FindData find) : find_(std::move(find)) {}

  json row(const std::string& id) {
    const std::string prefix = id.substr(0, id.find('/'));
    const char* dataset = prefix == "HumanEval" ? "humaneval"
                          : prefix == "MBPP"    ? "mbpp"
                          : prefix == "CPP"     ? "humaneval-cpp"
                                                : nullptr;
    if (dataset == nullptr) {
      throw UserError(
          fmt::format("a row has no tests, and its task_id '{}' is of no installed suite "
                      "(HumanEval/n, MBPP/n, CPP/n)",
                      id));
    }
    const std::lock_guard lock(mutex_);
    std::map<std::string, json>& rows = datasets_[dataset];
    if (rows.empty()) {
      for (json& row : read_rows(find_(dataset))) {
        std::string key = id_of(row);
        rows.emplace(std::move(key), std::move(row));
      }
    }
    const auto found = rows.find(id);
    if (found == rows.end()) {
      throw UserError(fmt::format("task_id '{}' is not in the installed {}", id, dataset));
    }
    return found->second;
  }

 private:
  const FindData find_;
  std::mutex mutex_;
  std::map<std::string, std::map<std::string, json>> datasets_;  // guarded by mutex_
};

bool has_tests(const json& row) {
  return row.contains("test") || row.contains("tests") || row.contains("test_list");
}

// Tests, prompt and entry point of the row, or of the question it names.
json question_of(const json& row, Installed& installed) {
  return has_tests(row) ? row : installed.row(id_of(row));
}

json result_of(const json& row, const Outcome& outcome) {
  const Verdict verdict = to_verdict(outcome, "");
  json result = json::object();
  for (const char* field : {"id", "task_id"}) {
    if (row.contains(field)) {
      result[field] = row[field];
    }
  }
  result["value"] = verdict.value ? json(*verdict.value) : json();
  result["verdict"] = verdict.label;
  result["reason"] = verdict.reason;
  result["calls"] = outcome.calls;
  result["run_time_s"] = outcome.time_s;
  return result;
}

}  // namespace

RowGrader python_row_grader(const std::string& policy, const FindData& find,
                            std::shared_ptr<Workshop> workshop) {
  code_policy(policy.empty() ? "auto" : policy);
  const auto installed = std::make_shared<Installed>(find);
  return [policy, installed, workshop = std::move(workshop)](const json& row) {
    const std::string answer = answer_of(row);
    const json question = question_of(row, *installed);
    const CodePolicy& rule = policy_for(policy, row);
    const bool is_mbpp = question.contains("test_list");
    const std::string code = python_text(rule, is_mbpp ? "" : text_of(question, "prompt"),
                                         text_of(question, "entry_point"), answer);
    const Limits limits = limits_of(rule.time_s, std::uint64_t{3} << 30U);
    return result_of(row, check_python(*workshop->launcher, code, check_of_row(question), limits,
                                       rule.sanitized ? text_of(question, "entry_point") : ""));
  };
}

RowGrader cpp_row_grader(const std::string& policy, const FindData& find,
                         std::shared_ptr<Workshop> workshop) {
  code_policy(policy.empty() ? "auto" : policy);
  const auto installed = std::make_shared<Installed>(find);
  return [policy, installed, workshop = std::move(workshop)](const json& row) {
    const std::string answer = answer_of(row);
    const json question = question_of(row, *installed);
    const std::string prompt = text_of(question, "prompt");
    const std::string tests = text_of(question, question.contains("test") ? "test" : "tests");
    const std::string code = cpp_text(policy_for(policy, row), prompt, answer, tests);
    const Limits limits = limits_of(12, std::uint64_t{4} << 30U);
    return result_of(row, workshop->cpp.check({prompt, tests}, code, limits));
  };
}

}  // namespace assay
