// Units of measurement: what dimension a word has and how large it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suites/math/expression/number.h"

namespace assay::math {

struct Unit {
  std::string dimension;  // "length", "currency USD"; "" for words that only say "this is a count"
  Rational size = 1;      // in the dimension's base unit
};

// A word or symbol: "cm", "metres", "公里", "dollars". Plurals are understood.
std::optional<Unit> find_unit(std::string_view word);

// One-letter symbols of units ("m", "s", "N"), which may as well be variables.
std::optional<Unit> find_letter_unit(char letter);

}  // namespace assay::math
