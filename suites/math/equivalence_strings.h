// The conventions that compare strings: reproduced rule by rule from their sources, which were run
// side by side with these on labelled and made-up pairs (hendrycks/math
// modeling/math_equivalence.py; lm-evaluation-harness 0.4.13 lm_eval/tasks/minerva_math/utils.py;
// openai/prm800k prm800k/grading/). Texts are judged as written: no delimiters are taken off
// before.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suites/math/expression/evaluate.h"

namespace assay::math {

// Empty where the source raises an exception and then compares what was written.
std::optional<std::string> strip_hendrycks(std::string_view raw);
std::string strip_minerva(std::string_view raw);

// LaTeX as the prm800k grader's converter (pylatexenc) writes it in characters; what it does not
// know falls away: \frac{x+1}{2} is x+1/2, \sqrt[3]{2} is sqrt(2). Empty where it raises one.
std::optional<std::string> latex_to_text(std::string_view latex);

Comparison compare_hendrycks(std::string_view gold, std::string_view answer);
Comparison compare_minerva(std::string_view gold, std::string_view answer, Budget& budget);
Comparison compare_prm800k(std::string_view gold, std::string_view answer, Budget& budget);

// What votes together under each: see vote_key in equivalence.h.
std::string key_hendrycks(std::string_view answer);
std::string key_minerva(std::string_view answer, Budget& budget);
std::string key_prm800k(std::string_view answer, Budget& budget);

}  // namespace assay::math
