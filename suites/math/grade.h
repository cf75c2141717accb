// `assay grade`: judges rows of JSON that hold an answer and what it should have been.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// Rows in: `id`, `response`, `gold` (a number, or a full solution that ends in `#### n`). Rows out:
// `id`, `correct`, `extracted`, `reason`. The policy is one of gsm8k_conventions(). Throws
// UserError where the policy is none of them; the grader where a field is missing or of another
// type. Fields that it does not need are passed over.
RowGrader make_gsm8k_row_grader(const GradeOptions& options);

}  // namespace assay
