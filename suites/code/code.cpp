#include "suites/code/code.h"

#include <memory>
#include <mutex>
#include <string>
#include <utility>

#include "suites/code/code_suite.h"
#include "suites/code/grade.h"
#include "suites/code/sandbox.h"

namespace assay {

namespace {

// One workshop for all suites and graders of a process, made when the first is.
class Workshops {
 public:
  std::shared_ptr<Workshop> open(bool unsafe) {
    const std::lock_guard lock(mutex_);
    std::shared_ptr<Workshop>& workshop = unsafe ? unsafe_ : safe_;
    if (!workshop) {
      workshop =
          std::make_shared<Workshop>(std::make_unique<Sandbox>(SandboxOptions{.isolate = !unsafe}));
    }
    return workshop;
  }

 private:
  std::mutex mutex_;
  std::shared_ptr<Workshop> safe_;    // guarded by mutex_
  std::shared_ptr<Workshop> unsafe_;  // guarded by mutex_
};

struct Entry {
  const char* name;
  const char* dataset;
  const char* summary;
  CodeSuiteParts (*read)(const std::filesystem::path&);
};

CodeSuiteParts cruxeval_output(const std::filesystem::path& path) {
  return cruxeval_suite(path, false);
}

CodeSuiteParts cruxeval_input(const std::filesystem::path& path) {
  return cruxeval_suite(path, true);
}

constexpr Entry entries[] = {
    {"code/basics", "code-basics", "60 small problems, each in Python and C++; bundled",
     &basics_suite},
    {"code/humaneval", "humaneval", "HumanEval: 164 Python functions", &humaneval_suite},
    {"code/humaneval-plus", "humaneval-plus", "HumanEval+: EvalPlus's inputs, Mini or full",
     &humaneval_plus_suite},
    {"code/mbpp", "mbpp", "MBPP sanitized: 427 Python tasks", &mbpp_suite},
    {"code/humaneval-cpp", "humaneval-cpp", "HumanEval in C++: HumanEval-X or MultiPL-E",
     &humaneval_cpp_suite},
    {"code/cruxeval", "cruxeval", "CRUXEval: output from input", &cruxeval_output},
    {"code/cruxeval-input", "cruxeval", "CRUXEval: input from output", &cruxeval_input},
    {"code/livecodebench", "livecodebench", "problems in LiveCodeBench's form",
     &livecodebench_suite},
};

}  // namespace

void add_code(Catalogue& catalogue, const FindData& find) {
  const auto workshops = std::make_shared<Workshops>();
  for (const Entry& entry : entries) {
    const auto make = [entry, find, workshops](const SuiteOptions& options) {
      const std::filesystem::path path = options.data_file.empty()
                                             ? find(entry.dataset)
                                             : std::filesystem::path(options.data_file);
      return make_code_suite(entry.read(path), workshops->open(options.unsafe_no_sandbox));
    };
    catalogue.suites.push_back({entry.name, entry.summary, make});
  }
  const auto python = [find, workshops](const GradeOptions& options) {
    return python_row_grader(options.policy, find, workshops->open(options.unsafe_no_sandbox));
  };
  const auto cpp = [find, workshops](const GradeOptions& options) {
    return cpp_row_grader(options.policy, find, workshops->open(options.unsafe_no_sandbox));
  };
  catalogue.grades.push_back(
      {"code-python", "Python: prompt, completion or response, test(s), entry_point", python});
  catalogue.grades.push_back({"code-cpp", "C++: prompt, completion or response, test(s)", cpp});
}

}  // namespace assay
