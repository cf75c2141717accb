// Words and sentences of free text, with the formulas in it looked over.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/math_spans.h"

namespace assay::math {

// Whether a Chinese, Japanese or Korean character begins at `at`.
bool is_cjk(std::string_view text, size_t at);

// Whether a letter begins with `c` of an alphabet that is neither Latin nor written without blanks:
// Greek, Cyrillic, Hebrew, Arabic, the scripts of India and Thailand.
bool is_far_letter(char c);

// Words of two letters and more in any alphabet, or two characters of those that write no blanks
// between words; outside of formulas.
size_t words_outside(std::string_view text, const std::vector<MathSpan>& spans);

// The end of the sentence or line that begins at `at`; a full stop inside a formula ends nothing.
size_t sentence_end(std::string_view text, const std::vector<MathSpan>& spans, size_t at);

// Whether words tell something, rather than name something: four of them or more.
bool is_prose(std::string_view text);

// The text with the digits of Arabic, Indian, Thai and full-width writing as those of ASCII.
std::string with_ascii_digits(std::string_view text);

}  // namespace assay::math
