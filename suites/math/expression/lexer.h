// Cleaned text to tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::math {

enum class TokenType : std::uint8_t {
  number,   // digits with at most one '.', separators taken out; `repeat` is a repeating tail
  letter,   // one letter of a formula
  name,     // a word that mathematics knows: "sin", "pi"; from LaTeX or plain text
  word,     // any other word, or any word inside \text{..}
  command,  // a LaTeX command without its backslash
  mark,     // one character, or "<=" ">=" "!=" "+-" "\{" "\}" "\%" "\$" "\\"
  end,
};

struct Token {
  TokenType type = TokenType::end;
  std::string text = {};
  std::string repeat = {};
  bool blank_before = false;
  bool in_text = false;
  int base = 0;  // 11 to 36 where the text is a number of that base
};

// How a comma between digits is read. Each is one of several readings of the same text.
enum class Commas {
  thousands,  // 1,234 is one number where the groups fit
  list,       // 1,234 is two numbers
  decimal,    // 1,5 is 3/2
};

struct Tokens {
  std::vector<Token> tokens;      // the last is `end`
  bool commas_ambiguous = false;  // another reading of a comma exists
  bool powers_ambiguous = false;  // 2e-3 may be a thousandth, or less than 2e
  bool fits = true;               // within tokens_max
};

inline constexpr std::size_t tokens_max = 200;  // a word counts twice

// `powers_of_ten`: 2e-3 is 0.002, and not 2e - 3.
Tokens tokenize(std::string_view cleaned, Commas commas, bool powers_of_ten = false);

// Function names of plain text and LaTeX alike: "sin", "arctan", "log".
bool is_function_name(std::string_view name);

}  // namespace assay::math
