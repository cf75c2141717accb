// What sentences, paragraphs and lists come to, where they tell a story around their answer.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "suites/math/math_spans.h"

namespace assay::math {

// The last formula, bold text or number of a sentence that is no aside of it (asides.h); of bold
// text and formulas the later. Empty where there is none.
std::string answer_in_story(std::string_view story);

// The same of the last sentence of a paragraph that has one; a list at its end of what several
// unknowns are is one answer.
std::string concluded_answer(std::string_view paragraph);

// The answers that the lines of a list at the start of `text` name, joined; empty where none begins
// there. `new_line`: the text begins on a line of its own, so that a hyphen is a bullet.
std::string listed_answer(std::string_view text, bool new_line);

// The first of `spans` and those that are joined to it, one answer.
std::string leading_formulas(std::string_view text, const std::vector<MathSpan>& spans);

// The number that leads a text: "72 clips in all of April and May"; empty where none does.
std::string leading_number(std::string_view text);

// "18 in total" without what only tells the circumstances of a number in front.
std::string_view without_circumstances(std::string_view phrase);

// "Total distance: 36 km" without the label.
std::string_view without_label(std::string_view phrase);

}  // namespace assay::math
