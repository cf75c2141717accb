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

// One-letter symbols of units ("m", "s", "N"), which may as well be variables. C and F are symbols
// of two units each.
std::optional<Unit> find_letter_unit(char letter);

// "F" behind \mu: the unit, a millionth of it.
std::optional<Unit> find_micro_unit(char letter);

// What a unit with two meanings means beside another: C is the coulomb beside coulombs, 20 pounds
// are money beside 20 pounds sterling. Nothing where it has one meaning.
std::optional<Unit> meant_beside(const Unit& unit, const Unit& other);

}  // namespace assay::math
