#include "suites/math/sentences.h"

#include <algorithm>
#include <array>

#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t prose_words_min = 4;

bool is_continuation(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

// The end of the run of letters that begins at `at`, and how many they are.
size_t far_word_end(std::string_view text, size_t at, size_t& letters) {
  while (at < text.size() && is_far_letter(text[at])) {
    ++letters;
    ++at;
    while (at < text.size() && is_continuation(text[at])) {
      ++at;
    }
  }
  return at;
}

}  // namespace

bool is_far_letter(char c) {
  const auto lead = static_cast<unsigned char>(c);
  return (lead >= 0xCE && lead <= 0xDB) || lead == 0xE0;
}

bool is_cjk(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  const bool kana = lead == 0xE3 && at + 1 < text.size() && text[at + 1] != '\x80';
  return kana || (lead >= 0xE4 && lead <= 0xED);
}

size_t words_outside(std::string_view text, const std::vector<MathSpan>& spans) {
  size_t words = 0;
  size_t characters = 0;
  auto span = spans.begin();
  for (size_t at = 0; at < text.size();) {
    if (span != spans.end() && at >= span->begin) {
      at = std::max(at, span->end);
      ++span;
      continue;
    }
    size_t letters = 0;
    size_t end = far_word_end(text, at, letters);
    while (end < text.size() && is_ascii_letter(text[end])) {
      ++end;
      ++letters;
    }
    const bool command = at > 0 && text[at - 1] == '\\';
    words += letters >= 2 && !command ? 1 : 0;
    characters += is_cjk(text, at) ? 1 : 0;
    at = std::max(end, at + 1);
  }
  return words + characters / 2;
}

size_t sentence_end(std::string_view text, const std::vector<MathSpan>& spans, size_t at) {
  auto span = std::lower_bound(spans.begin(), spans.end(), at,
                               [](const MathSpan& one, size_t place) { return one.end <= place; });
  for (; at < text.size(); ++at) {
    while (span != spans.end() && at >= span->end) {
      ++span;
    }
    if (span != spans.end() && at >= span->begin) {
      at = span->end - 1;
      continue;
    }
    const char c = text[at];
    const bool last = at + 1 == text.size() || is_blank(text[at + 1]) || text[at + 1] == '*';
    if (c == '\n' || ((c == '.' || c == '!' || c == '?') && last) ||
        text.substr(at).starts_with("。") || text.substr(at).starts_with("！") ||
        text.substr(at).starts_with("।")) {
      return at;
    }
  }
  return text.size();
}

std::string with_ascii_digits(std::string_view text) {
  struct Digits {
    std::string_view lead;
    unsigned char zero;  // the last byte of the digit 0
  };
  static constexpr std::array<Digits, 14> scripts = {{{"\xD9", 0xA0},
                                                      {"\xDB", 0xB0},
                                                      {"\xE0\xA5", 0xA6},
                                                      {"\xE0\xA7", 0xA6},
                                                      {"\xE0\xA9", 0xA6},
                                                      {"\xE0\xAB", 0xA6},
                                                      {"\xE0\xAD", 0xA6},
                                                      {"\xE0\xAF", 0xA6},
                                                      {"\xE0\xB1", 0xA6},
                                                      {"\xE0\xB3", 0xA6},
                                                      {"\xE0\xB5", 0xA6},
                                                      {"\xE0\xB9", 0x90},
                                                      {"\xE1\x81", 0x80},
                                                      {"\xEF\xBC", 0x90}}};
  static constexpr std::string_view leads = "\xD9\xDB\xE0\xE1\xEF";
  std::string plain;
  plain.reserve(text.size());
  for (size_t at = 0; at < text.size();) {
    const auto script = leads.find(text[at]) == std::string_view::npos
                            ? scripts.end()
                            : std::find_if(scripts.begin(), scripts.end(), [&](const Digits& one) {
                                const size_t last = at + one.lead.size();
                                const auto byte =
                                    last < text.size() ? static_cast<unsigned char>(text[last]) : 0;
                                return text.substr(at).starts_with(one.lead) && byte >= one.zero &&
                                       byte < one.zero + 10;
                              });
    if (script == scripts.end()) {
      plain += text[at++];
      continue;
    }
    const size_t last = at + script->lead.size();
    plain += static_cast<char>('0' + static_cast<unsigned char>(text[last]) - script->zero);
    at = last + 1;
  }
  return plain;
}

bool is_prose(std::string_view text) {
  return words_outside(text, math_spans(text).spans) >= prose_words_min;
}

}  // namespace assay::math
