// The answer inside a phrase: what an announcement announces.
#pragma once

#include <string>
#include <string_view>

#include "suites/math/sentences.h"

namespace assay::math {

// Without what may stand around an answer and is no part of it: blanks, markdown, quotes, a full
// stop, the delimiters of a formula that is all of it.
std::string clean_answer(std::string_view text);

// The answer in a text that starts right behind an announcement ("the answer is"): the formula that
// leads it (with others that are joined to it, and the unit behind it), else the first sentence or
// line cut before "because" and its kin; of a sentence that tells a story, its last formula, bold
// text or number. Empty where the text holds none. `behind_colon`: a colon announced it, so words
// alone may be the answer.
std::string announced_answer(std::string_view text, bool behind_colon);

// Whether the end of the text is no end: inside a formula, behind an operator, in mid-sentence.
bool breaks_off(std::string_view text);

}  // namespace assay::math
