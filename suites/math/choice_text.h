// A text about lettered options, read once: its letters and the words that say something of them.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/choice_words.h"

namespace assay::math {

// A set of options: bit 0 is A.
using Letters = std::uint32_t;

inline Letters letters_of(char letter) {
  return letter == 0 ? 0 : Letters{1} << static_cast<unsigned>(letter - 'A');
}

// "AC"
std::string spelled(Letters letters);

// The letter of a set of one, else 0.
char only_letter(Letters letters);

struct ChoiceToken {
  role::Roles roles = 0;
  std::uint32_t begin = 0;  // in the text, which is short of 4 GiB
  std::uint32_t end = 0;
  Letters letters = 0;
  bool bracketed = false;     // "(B)", "second option": no word, and no variable
  bool label = false;         // "B. ..." or "B: ..." at the start of a line
  bool alternatives = false;  // "B or C"
  bool run = false;           // "ABD", which may be a word or a figure as well
  bool lower = false;         // "(b)", which may be a part of a problem as well

  bool is(role::Roles any) const { return (roles & any) != 0; }
};

// In the order of the text; markup is no token, letters that are joined are one. Letters that are
// articles, variables or parts of names are left out. Linear in the length of the text; any bytes
// will do.
std::vector<ChoiceToken> choice_tokens(std::string_view text, size_t options);

}  // namespace assay::math
