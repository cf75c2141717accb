// The conventions that compare strings: reproduced rule by rule from their sources
// (hendrycks/math math_equivalence.py, Minerva's appendix D.1, openai/prm800k grading/).
#pragma once

#include <string>
#include <string_view>

#include "suites/math/expression/evaluate.h"
#include "suites/math/policy.h"

namespace assay::math {

std::string strip_hendrycks(std::string_view text);
std::string strip_minerva(std::string_view text);

Comparison compare_hendrycks(std::string_view gold, std::string_view answer);
Comparison compare_minerva(std::string_view gold, std::string_view answer, const Policy& policy,
                           Budget& budget);
Comparison compare_prm800k(std::string_view gold, std::string_view answer, const Policy& policy,
                           Budget& budget);

}  // namespace assay::math
