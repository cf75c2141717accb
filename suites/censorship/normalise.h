// Turns the text of an answer into tokens that do not depend on how it was typed: case, width,
// accents of apostrophes, invisible characters, traditional or simplified characters.
// data/censorship/grader/features.py has the same rules for training.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace assay::censorship {

// A word (letters and digits, every digit counted as 0), or a single Chinese, Japanese or Korean
// character.
struct Token {
  std::uint64_t hash = 0;   // of the normalised characters
  std::uint32_t begin = 0;  // bytes of the text that was given, end exclusive
  std::uint32_t end = 0;
  bool han = false;   // a single character
  bool bare = false;  // nothing but blanks between it and the token before
};

struct Tokens {
  std::vector<Token> tokens;
  std::vector<std::uint32_t> breaks;  // indexes of the tokens that follow an empty line
  std::size_t han = 0;                // how many are single characters
};

// REQUIRES: text.size() < 4 GiB. Bytes that are not UTF-8 separate tokens.
void tokenize(std::string_view text, Tokens& out);

// A code point as it is compared: ASCII in small letters, full-width forms as ASCII, traditional
// characters as simplified ones.
char32_t folded(char32_t code);

// What is said to the user: without what stands between tags of thinking, unless that is all.
std::string_view spoken(std::string_view text);

// The text itself, or where it is long its first 64 KiB and its last 8 KiB in `buffer`.
std::string_view bounded(std::string_view text, std::string& buffer);

// Index of the first token said to the user: some models think aloud without tags ("Okay, the user
// wants ...", an empty line, and then the answer). 0 where nothing is to be left out.
std::size_t said_from(const Tokens& tokens);

// The hash of one token, given as the characters of a normalised word; for rules and tests.
std::uint64_t hash_of_word(std::string_view word);

}  // namespace assay::censorship
