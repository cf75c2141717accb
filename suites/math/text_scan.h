// Small looks at text, byte by byte and without a locale: model output is UTF-8 at best.
#pragma once

#include <cstdint>
#include <cstring>
#include <string_view>

namespace assay::math {

inline bool is_ascii_letter(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}
inline bool is_ascii_digit(char c) {
  return c >= '0' && c <= '9';
}
inline bool is_blank(char c) {
  return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}
inline char ascii_lower(char c) {
  return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
}

inline bool equal_ignoring_case(std::string_view a, std::string_view b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (size_t i = 0; i < a.size(); ++i) {
    if (ascii_lower(a[i]) != ascii_lower(b[i])) {
      return false;
    }
  }
  return true;
}

inline bool starts_with_ignoring_case(std::string_view text, std::string_view start) {
  return text.size() >= start.size() && equal_ignoring_case(text.substr(0, start.size()), start);
}

// The same, and no letter follows.
inline bool starts_with_word(std::string_view text, std::string_view word) {
  return starts_with_ignoring_case(text, word) &&
         (text.size() == word.size() || !is_ascii_letter(text[word.size()]));
}

// Whether one of eight bytes is `c`: a byte that is, taken from itself, borrows from the next
// (Mycroft's test).
inline bool holds_byte(const char* eight, char c) {
  constexpr std::uint64_t ones = 0x0101010101010101;
  std::uint64_t bytes = 0;
  std::memcpy(&bytes, eight, sizeof bytes);
  bytes ^= ones * static_cast<unsigned char>(c);
  return ((bytes - ones) & ~bytes & (ones << 7)) != 0;
}

// Where `what` (not empty) stands last, as rfind; which compares strings at every byte of a text.
inline size_t find_last(std::string_view text, std::string_view what) {
  if (text.size() < what.size()) return std::string_view::npos;
  const char first = what.front();
  const char last = what.back();
  for (size_t at = text.size() - what.size() + 1; at-- > 0;) {
    if (text[at] == first && text[at + what.size() - 1] == last &&
        text.substr(at, what.size()) == what)
      return at;
    while (at >= 8 && !holds_byte(text.data() + at - 8, first)) at -= 8;
  }
  return std::string_view::npos;
}

// What the rules that look for phrases and formulas look at: the last `bytes_max` bytes, from the
// first paragraph or line that begins there, so that no formula is cut in two. Real answers end
// with what they come to; a hostile one must not cost more for being longer.
inline std::string_view closing_part(std::string_view text, size_t bytes_max) {
  if (text.size() <= bytes_max) return text;
  const std::string_view end = text.substr(text.size() - bytes_max);
  for (const std::string_view gap : {"\n\n", "\n"}) {
    const size_t at = end.substr(0, bytes_max / 2).find(gap);
    if (at != std::string_view::npos) return end.substr(at + gap.size());
  }
  return end;
}

inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) {
    text.remove_prefix(1);
  }
  while (!text.empty() && is_blank(text.back())) {
    text.remove_suffix(1);
  }
  return text;
}

}  // namespace assay::math
