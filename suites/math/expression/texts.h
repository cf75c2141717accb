// Answers in words: one normal form for those that say the same.
#pragma once

#include <string>
#include <string_view>

#include "suites/math/expression/node.h"

namespace assay::math {

// \text{..} and its relatives, and bare braces, fall away; what they hold stays.
std::string without_text_commands(std::string_view text);

// Words without marks, blanks joined, lower case; equal for texts that say the same.
std::string normalize_text(std::string_view text, bool keep_case);

// A set, a number or another value where the words name one, else a text.
Node words_to_node(std::string_view text);

}  // namespace assay::math
