// What the words around a number say of it.
#pragma once

#include <optional>
#include <string_view>

#include "suites/math/expression/number.h"

namespace assay::math {

// Words that come in opposites, "east" and "west": the same letter for both, large for the one and
// small for the other; 0 for all other words. The word is in lower case.
char side_of(std::string_view word);

// Whether one row of sides contradicts another: an opposite, or the same two turned round ("north
// of east", "east of north"). What only one of them says contradicts nothing.
bool sides_contradict(std::string_view a, std::string_view b);

// Words with which a number is no longer the answer, wherever they stand: "not", "except 2",
// "5 more than Bob". The word is in lower case.
bool binds_number(std::string_view word);

// The same of words in front of the number: "multiples of 3", "diverges to 3".
bool binds_next_number(std::string_view word);

// "tens" 10, "hundredths" 1/100, "sevenths" 1/7: what a number in front of the word is multiplied
// by. The word is in lower case.
std::optional<Rational> scale_of(std::string_view word);

}  // namespace assay::math
