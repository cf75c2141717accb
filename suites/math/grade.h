// `assay grade`: judges rows of JSON that hold an answer and what it should have been.
#pragma once

#include "harness/catalogue.h"

namespace assay {

// Rows in: `id`, `response`, `gold` (a number, or a full solution that ends in `#### n`). Rows out:
// `id`, `correct`, `extracted`, `reason`. The policy is one of gsm8k_conventions(). Throws
// UserError where the policy is none of them; the grader where a field is missing or of another
// type. Fields that it does not need are passed over.
RowGrader make_gsm8k_row_grader(const GradeOptions& options);

// Rows in: `id`, `response` (or `answer`), `gold` (text or number). The policy is one of
// math::conventions(), whose extraction and comparison are used. `correct` is null where the
// comparison stays undecided, and the reason says why.
RowGrader make_math_row_grader(const GradeOptions& options);

// Rows in: `id`, `answer` (or `response`), `gold`, and where a question has its own, `tolerance` (a
// number, or one per part of the answer); nothing is extracted. The policy is one of
// math::policies() or a convention's.
RowGrader make_math_equal_row_grader(const GradeOptions& options);

// Rows in: `id`, `response` (or `answer`), `options`, `gold` (a letter). The policy is one of
// math::choice_conventions() or "math-v", which also takes any answer for right that has the value
// of the gold option to two decimal places.
RowGrader make_choice_row_grader(const GradeOptions& options);

}  // namespace assay
