// GSM8K: grade-school word problems whose answer is one number, and the ways the field reads that
// number out of a text.
#pragma once

#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "harness/suite.h"

namespace assay {

// How an answer was read and compared under one convention.
struct NumberReading {
  bool correct = false;
  std::string extracted;  // empty: no answer found
  std::string reason;     // one line: what decided
};

// The conventions by name, the primary one first:
//   final-number      ours, for chat models: the last `#### n`, else the last \boxed{n}, else the
//                     last line that states its answer ("A: 18", "the answer is $18"), else the
//                     last number of the text unless the text breaks off there; numbers are
//                     compared by value, so that 18.0, $18 and 18 are one answer
//   openai-gsm8k      first `#### (\-?[0-9\.\,]+)`, commas dropped, compared as strings
//                     (openai/grade-school-math: grade_school_math/dataset.py)
//   lm-eval-strict    first `#### (\-?[0-9\.\,]+)`   } then exact_match that ignores case and
//   lm-eval-flexible  last `(-?[$0-9.,]{2,})|(-?[0-9]+)` } `,` `\$` `(?s).*#### ` `\.$`
//                     (lm-evaluation-harness: lm_eval/tasks/gsm8k/gsm8k.yaml, version 3)
const std::vector<std::string>& gsm8k_conventions();

// The number of a gold answer: of "18", "$1,800" or a full solution that ends in `#### 18`; commas
// dropped. Empty where there is none.
std::string gsm8k_gold(std::string_view text);

// Reads `response` under one of the conventions above and compares it with `gold`, which is a bare
// number or a full solution. REQUIRES: the convention is one of gsm8k_conventions(), and
// gsm8k_gold(gold) is not empty. Linear in the length of the text; any bytes will do.
NumberReading read_gsm8k(std::string_view convention, std::string_view response,
                         std::string_view gold);

// The suite math/gsm8k: a zero-shot chat whose prompt asks for a last line `#### n`. Reads the
// official test.jsonl (question, answer). Throws UserError that names file and line.
std::unique_ptr<Suite> make_gsm8k(const std::filesystem::path& file);

}  // namespace assay
