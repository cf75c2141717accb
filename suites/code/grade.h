// `assay grade code-python` and `code-cpp`: one row in, one verdict out.
#pragma once

#include <memory>
#include <string>

#include "harness/catalogue.h"
#include "suites/code/code_suite.h"

namespace assay {

// A row holds `completion` or `response`, and either its own tests (`prompt`, `test` or `tests`,
// `entry_point`) or the `task_id` of an installed suite: HumanEval/n, MBPP/n (Python), CPP/n (C++).
// The result has `value` (1, 0 or null), `verdict` (the kind), `reason`, `calls`, `run_time_s`, and
// `id` or `task_id` where the row had one. Throws UserError for an unknown policy, and from the
// grader for a row that lacks a field.
RowGrader python_row_grader(const std::string& policy, const FindData& find,
                            std::shared_ptr<Workshop> workshop);
RowGrader cpp_row_grader(const std::string& policy, const FindData& find,
                         std::shared_ptr<Workshop> workshop);

}  // namespace assay
