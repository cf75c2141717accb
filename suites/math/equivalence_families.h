// Answers with an integer in them: x = pi/4 + k pi, { 2k + 1 | k in Z }, x = 3 (mod 7).
#pragma once

#include <optional>

#include "suites/math/expression/evaluate.h"
#include "suites/math/expression/node.h"

namespace assay::math {

// "n in Z", "k in N": what is said of a letter.
bool is_declaration(const Node& node);

// Whether both stand for the same values when their integer runs through all integers. Empty where
// they are no such families: one side at least has to say that its letter is an integer, or both
// have to add multiples of a period.
std::optional<Comparison> compare_families(const Node& gold, const Node& answer, Budget& budget);

}  // namespace assay::math
