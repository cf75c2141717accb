// Unicode's general categories, and UTF-8 read without trusting it.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace assay::engine {

// In unicode_data.cpp, made by make_unicode_data.py.
extern const std::uint32_t category_runs[];
extern const std::size_t category_run_count;

// A set of general categories, one bit for each.
using Categories = std::uint32_t;

// "L", "Nd", ...; also the long names of the major ones ("Letter"). Empty for other texts.
std::optional<Categories> categories_named(std::string_view name);

// The one category of a code point, as a set; U+110000 and above: empty.
Categories category_of(char32_t code);

// The property White_Space, which Oniguruma takes \s for.
bool is_white_space(char32_t code);

// A byte that is no part of well-formed UTF-8 is read as a code of its own beyond Unicode, so that
// nothing is lost.
inline constexpr char32_t broken_byte = 0x110000;

struct Decoded {
  char32_t code = 0;  // below broken_byte, or broken_byte + the byte
  int length = 0;     // in bytes, 1 to 4
};

// The character at `at`. REQUIRES: at < text.size().
Decoded decode_utf8(std::string_view text, std::size_t at);

// Bytes that decode_utf8 reads back as `code`.
void append_utf8(std::string& out, char32_t code);

inline int utf8_length(char32_t code) {
  if (code >= broken_byte || code < 0x80) {
    return 1;
  }
  return code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
}

// `text` with every broken byte sequence replaced by U+FFFD, one for each maximal part of a
// character, as the Unicode standard advises and Rust's from_utf8_lossy does.
std::string with_replacements(std::string_view text);

// How many bytes at the end of `text` (0 to 3) may be the start of a character that goes on.
std::size_t unfinished_tail(std::string_view text);

}  // namespace assay::engine
