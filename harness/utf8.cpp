#include "harness/utf8.h"

#include <algorithm>

namespace assay {

// Unicode 15, table 3-7.
// 3-7.
std::size_t utf8_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i) {
      if ((byte(i) & 0xC0U) != 0x80U) {
        return false;
      }
    }
    return true;
  };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return tail(1, 1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return tail(1, 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_large = first == 0xF4 && second > 0x8F;
    return tail(1, 3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

std::string clean_utf8(std::string_view text, std::size_t bytes_max) {
  std::string clean;
  clean.reserve(std::min(text.size(), bytes_max));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = utf8_length(text.substr(at));
    const std::string_view piece = length > 0 ? text.substr(at, length) : "\xEF\xBF\xBD";
    if (clean.size() + piece.size() > bytes_max) {
      break;
    }
    clean += piece;
    at += length > 0 ? length : 1;
  }
  return clean;
}

std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string line;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ' || c == '\x7f';
    if (!blank) {
      line += c;
    } else if (!line.empty() && line.back() != ' ') {
      line += ' ';
    }
    if (line.size() > bytes_max) {
      break;
    }
  }
  while (!line.empty() && line.back() == ' ') {
    line.pop_back();
  }
  return clean_utf8(line, bytes_max);
}

}  // namespace assay
