// `assay grade`: judges existing outputs, JSONL in, JSONL out; needs no model and no store.
#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "harness/catalogue.h"

namespace assay {

struct GradeCounts {
  std::size_t rows = 0;
  std::size_t bad = 0;  // rows that became an error row
};

// A row out for every row in, in the same order. A row that is no JSON object, or lacks what the
// grader needs, becomes
// {"line": n, "error": "..."} (with its "id" where it has one), and the work goes on. Rows are
// judged on all cores; memory does not depend on their number. `name` is what messages call the
// input.
GradeCounts grade_rows(const RowGrader& grade, std::istream& in, const std::string& name,
                       std::ostream& out);

}  // namespace assay
