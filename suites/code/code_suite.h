// The suites of this folder differ in their questions and in how an answer is judged; the rest is
// the same.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "harness/catalogue.h"
#include "suites/code/cpp_program.h"
#include "suites/code/launcher.h"

namespace assay {

// What programs run in; shared by all code suites of a process, started when the first needs it.
struct Workshop {
  explicit Workshop(std::unique_ptr<Launcher> real)
      : launcher(std::move(real)), cpp(*launcher, {}) {}
  std::unique_ptr<Launcher> launcher;
  CppPrograms cpp;
};

struct CodeSuiteParts {
  SuiteInfo info;
  std::vector<Question> questions;
  std::function<std::vector<Message>(const Question&)> ask;
  // Called from many threads.
  std::function<Verdict(Workshop&, const Question&, const Response&)> judge;
};

std::unique_ptr<Suite> make_code_suite(CodeSuiteParts parts, std::shared_ptr<Workshop> workshop);

using Rows = std::vector<nlohmann::json>;

// Each reads the rows of its data file; throws UserError that names `path` where they are not of
// its form.
CodeSuiteParts humaneval_suite(const std::filesystem::path& path);
CodeSuiteParts humaneval_plus_suite(const std::filesystem::path& path);
CodeSuiteParts mbpp_suite(const std::filesystem::path& path);
CodeSuiteParts humaneval_cpp_suite(const std::filesystem::path& path);  // HumanEval-X or MultiPL-E
CodeSuiteParts cruxeval_suite(const std::filesystem::path& path, bool predict_input);
CodeSuiteParts livecodebench_suite(const std::filesystem::path& path);
CodeSuiteParts basics_suite(const std::filesystem::path& path);  // data/code/basics.jsonl

}  // namespace assay
