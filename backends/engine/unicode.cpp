#include "backends/engine/unicode.h"

#include <algorithm>
#include <array>
#include <span>
#include <utility>

namespace assay::engine {

namespace {

// In the order of make_unicode_data.py.
constexpr std::array<std::string_view, 30> category_names = {
    "Lu", "Ll", "Lt", "Lm", "Lo", "Mn", "Mc", "Me", "Nd", "Nl", "No", "Pc", "Pd", "Ps", "Pe",
    "Pi", "Pf", "Po", "Sm", "Sc", "Sk", "So", "Zs", "Zl", "Zp", "Cc", "Cf", "Cs", "Co", "Cn"};

constexpr std::array<std::pair<std::string_view, std::string_view>, 6> long_names = {{
    {"Letter", "L"},
    {"Mark", "M"},
    {"Number", "N"},
    {"Punctuation", "P"},
    {"Symbol", "S"},
    {"Separator", "Z"},
}};

bool continues(std::string_view text, std::size_t at, unsigned least, unsigned most) {
  return at < text.size() && static_cast<unsigned char>(text[at]) >= least &&
         static_cast<unsigned char>(text[at]) <= most;
}

// What a lead byte asks for: the length, and the bounds of the second byte (the others are 80-BF).
struct Lead {
  int length = 0;  // 0: no lead byte
  unsigned least = 0x80;
  unsigned most = 0xBF;
};

Lead lead_of(unsigned byte) {
  if (byte >= 0xC2 && byte <= 0xDF) {
    return {.length = 2};
  }
  if (byte >= 0xE0 && byte <= 0xEF) {
    return {
        .length = 3, .least = byte == 0xE0 ? 0xA0U : 0x80U, .most = byte == 0xED ? 0x9FU : 0xBFU};
  }
  if (byte >= 0xF0 && byte <= 0xF4) {
    return {
        .length = 4, .least = byte == 0xF0 ? 0x90U : 0x80U, .most = byte == 0xF4 ? 0x8FU : 0xBFU};
  }
  return {};
}

// How many bytes from `at` are the start of one well-formed character; at most its length.
int well_formed(std::string_view text, std::size_t at, const Lead& lead) {
  int good = 1;
  if (lead.length > 1 && continues(text, at + 1, lead.least, lead.most)) {
    good = 2;
    while (good < lead.length && continues(text, at + static_cast<std::size_t>(good), 0x80, 0xBF)) {
      ++good;
    }
  }
  return good;
}

}  // namespace

std::optional<Categories> categories_named(std::string_view name) {
  for (const auto& [spelled, letter] : long_names) {
    if (spelled == name) {
      name = letter;
    }
  }
  Categories found = 0;
  for (std::size_t i = 0; i < category_names.size(); ++i) {
    if (category_names[i] == name || (name.size() == 1 && category_names[i][0] == name[0])) {
      found |= Categories{1} << i;
    }
  }
  return found == 0 ? std::nullopt : std::optional(found);
}

Categories category_of(char32_t code) {
  if (code >= broken_byte) {
    return 0;
  }
  const std::span<const std::uint32_t> runs(category_runs, category_run_count);
  const auto next =
      std::upper_bound(runs.begin(), runs.end(), static_cast<std::uint32_t>(code) << 5 | 31U);
  return Categories{1} << (*(next - 1) & 31U);
}

bool is_white_space(char32_t code) {
  return (code >= 0x9 && code <= 0xD) || code == 0x20 || code == 0x85 || code == 0xA0 ||
         code == 0x1680 || (code >= 0x2000 && code <= 0x200A) || code == 0x2028 || code == 0x2029 ||
         code == 0x202F || code == 0x205F || code == 0x3000;
}

Decoded decode_utf8(std::string_view text, std::size_t at) {
  const auto byte = static_cast<unsigned char>(text[at]);
  if (byte < 0x80) {
    return {byte, 1};
  }
  const Lead lead = lead_of(byte);
  if (lead.length == 0 || well_formed(text, at, lead) < lead.length) {
    return {broken_byte + byte, 1};
  }
  char32_t code = byte & (0xFFU >> (lead.length + 1));
  for (int i = 1; i < lead.length; ++i) {
    code = code << 6 | (static_cast<unsigned char>(text[at + static_cast<std::size_t>(i)]) & 0x3FU);
  }
  return {code, lead.length};
}

void append_utf8(std::string& out, char32_t code) {
  const auto put = [&out](char32_t byte) { out.push_back(static_cast<char>(byte)); };
  if (code >= broken_byte) {
    put(code - broken_byte);
  } else if (code < 0x80) {
    put(code);
  } else if (code < 0x800) {
    put(0xC0 | code >> 6);
    put(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    put(0xE0 | code >> 12);
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  } else {
    put(0xF0 | code >> 18);
    put(0x80 | (code >> 12 & 0x3F));
    put(0x80 | (code >> 6 & 0x3F));
    put(0x80 | (code & 0x3F));
  }
}

std::string with_replacements(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t at = 0; at < text.size();) {
    const Lead lead = lead_of(static_cast<unsigned char>(text[at]));
    const auto good = static_cast<std::size_t>(well_formed(text, at, lead));
    const bool whole = static_cast<unsigned char>(text[at]) < 0x80 ||
                       (lead.length > 0 && good == static_cast<std::size_t>(lead.length));
    out += whole ? text.substr(at, good) : "\xEF\xBF\xBD";
    at += good;
  }
  return out;
}

std::size_t unfinished_tail(std::string_view text) {
  for (std::size_t back = 1; back <= std::min<std::size_t>(3, text.size()); ++back) {
    const std::size_t at = text.size() - back;
    const auto byte = static_cast<unsigned char>(text[at]);
    if (byte >= 0xC0) {
      const Lead lead = lead_of(byte);
      const int good = well_formed(text, at, lead);
      return static_cast<std::size_t>(good) == back && good < lead.length ? back : 0;
    }
    if (byte < 0x80) {
      return 0;
    }
  }
  return 0;
}

}  // namespace assay::engine
