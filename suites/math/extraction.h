// How the field takes an answer out of a text: one rule per convention, selectable by its name,
// each as its source has it. Thread rule: const and re-entrant. Of a response longer than
// response_bytes_max they read the end; all are linear in what they read and take any bytes.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/final_answer.h"

namespace assay::math {

// hendrycks/math and lm-eval's hendrycks_math500 and aime24: the last box, else what stands between
// the first and the last $, else all of the text.
Extraction extract_hendrycks(std::string_view response);

// minerva_math: what the first "Final Answer: The final answer is ... . I hope it is correct."
// announces, on one line.
Extraction extract_minerva(std::string_view response);

// prm800k: what stands behind the last "# Answer", else the last \boxed{..} with balanced braces.
Extraction extract_prm800k(std::string_view response);

// The last \boxed{..} with balanced braces and nothing else: MLPerf's DeepSeek-R1, MATH-500.
Extraction extract_boxed(std::string_view response);

// MLPerf's DeepSeek-R1, AIME: the last \boxed{digits}, else the last "Answer: digits"; 0 to 999.
Extraction extract_aime(std::string_view response);

// simple-evals: the first match of (?i)Answer\s*:\s*([^\n]+).
Extraction extract_simple_evals(std::string_view response);

// math-verify's candidates, best first: by priority 0 "final answer is X. I hope", 50 "final answer
// ... is X" and boxes, 100 "answer: X", 200 "answer X", 300 any formula or number; inside a
// priority the rightmost end first, then the leftmost start. At most `candidates_max`. The first
// that parses is the answer.
std::vector<Extraction> extract_math_verify(std::string_view response);

constexpr size_t candidates_max = 16;

}  // namespace assay::math
