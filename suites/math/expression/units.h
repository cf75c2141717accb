// Units of measurement: what dimension a word has and how large it is.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suites/math/expression/number.h"

namespace assay::math {

struct Unit {
  // Powers of base quantities in the order of their names: "length", "length*time^-1",
  // "currency USD"; "" for words that only say "this is a count".
  std::string dimension = {};
  Rational size = 1;  // in metres, grams, seconds, amperes ...
};

// unit * other^exponent, for small exponents.
Unit times(const Unit& unit, const Unit& other, int exponent);

// A word or symbol: "cm", "metres", "公里", "dollars". Plurals are understood.
std::optional<Unit> find_unit(std::string_view word);

// One-letter symbols of units ("m", "s", "N"), which may as well be variables.
std::optional<Unit> find_letter_unit(char letter);

}  // namespace assay::math
