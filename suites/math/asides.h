// What a sentence says beside its answer: conditions, reasons, what is rejected or compared, what
// stands in parentheses, the numbers of steps and theorems.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

#include "suites/math/math_spans.h"

namespace assay::math {

struct Aside {
  size_t begin = 0;
  size_t end = 0;
};

// In the order of the text, none inside another; `spans` are the formulas of `sentence`. A
// condition ("where", "for all", "attained at") is an aside behind something that could be an
// answer, or at the start of the sentence up to the comma; a denial ("not", "reject", "than") is
// one wherever it stands. Linear in the length of the text; any bytes will do.
std::vector<Aside> asides(std::string_view sentence, const std::vector<MathSpan>& spans);

// Whether the digits at `at` are the name of something: "Step 3", "Lemma 5", "equation (5)".
bool is_reference(std::string_view text, size_t at);

// Whether `sentence` asks or assumes and so comes to nothing: "So is it 5?", "Let x = 5".
bool concludes_nothing(std::string_view sentence);

}  // namespace assay::math
