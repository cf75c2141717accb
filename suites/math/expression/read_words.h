// What people write around and between answers, taken apart before or instead of the parser.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suites/math/expression/node.h"

namespace assay::math {

// The one number of a sentence in plain words, with what is written onto it and the word behind it:
// "So there are 15 ways". Empty where there are several, or mathematics.
std::string only_number(std::string_view text);

// Whether some word makes a number in the text something else: "no solution for n = 5".
bool binds_any_number(std::string_view text);

// Whether what stands behind these words is less or more than what they lead to: "the answer is at
// least", "twice".
bool binds_what_follows(std::string_view text);

// "(a) 3 (b) 5", "(i) 2, (ii) 4" and "1 2 3" with commas between their parts; empty for all else.
std::string with_commas(std::string_view text);

// How many labels a text has that with_commas() separates by them.
std::size_t count_labels(std::string_view text);

// Circled numbers, each an answer: the statements that hold. Empty where there is anything else.
std::optional<Node> circled_numbers(std::string_view text);

// "Yes, because x > 0": the word that answers. Empty where the text begins with no such word.
std::string leading_verdict(std::string_view text);

// The mathematics behind Chinese words that announce it ("最大值为5"); empty where there is none.
std::string_view behind_chinese(std::string_view text);

// \text{..} and its relatives fall away, what they hold stays: "\text{The area is } 24".
std::string without_upright_text(std::string_view text);

// Behind words with a colon: "Perimeter: 24". Empty where there are none.
std::string_view behind_label(std::string_view text);

// In front of "(about 18.85)", "(to 1 d.p.)"; of "is the only solution". Empty where there is none.
std::string_view before_remark(std::string_view text);
std::string_view before_verb(std::string_view text);

// What stands behind the last "is" of a sentence; empty where there is none, or a denial.
std::string_view behind_verb(std::string_view text);

}  // namespace assay::math
