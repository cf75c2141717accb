#include "suites/censorship/normalise.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <cstring>
#include <limits>
#include <memory>

#include "embedded/traditional_txt.h"

namespace assay::censorship {

namespace {

constexpr std::uint32_t invalid = 0xFFFD;
constexpr std::size_t start_bytes = std::size_t{64} << 10U;
constexpr std::size_t end_bytes = std::size_t{8} << 10U;
constexpr std::uint64_t hash_start = 0xCBF29CE484222325;
constexpr std::string_view blanks = " \t\r\n";

enum class Kind : std::uint8_t { separator, letter, han, line_break };

struct Character {
  std::uint32_t code = invalid;
  std::uint32_t length = 1;  // bytes
};

bool follows(char c) {
  return (static_cast<unsigned char>(c) & 0xC0U) == 0x80;
}

// The character that `text` starts with; one byte of U+FFFD where that is none. The lead byte tells
// how many must follow and the smallest code that needs so many.
inline Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const auto bits = [&](std::size_t i) { return static_cast<unsigned char>(text[i]) & 0x3FU; };
  if (lead > 0xE0 && lead < 0xED && text.size() > 2 && follows(text[1]) && follows(text[2])) {
    return {(lead & 0xFU) << 12U | bits(1) << 6U | bits(2), 3};  // Chinese: nothing else to check
  }
  const std::uint32_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return {};
  }
  std::uint32_t code = lead & (0x7FU >> length);
  for (std::uint32_t i = 1; i < length; ++i) {
    if (!follows(text[i])) {
      return {};
    }
    code = code << 6U | bits(i);
  }
  const bool overlong = (length == 3 && code < 0x800) || (length == 4 && code < 0x10000);
  return overlong || code > 0x10FFFF || (code >= 0xD800 && code < 0xE000) ? Character{}
                                                                          : Character{code, length};
}

std::uint32_t lower(std::uint32_t c) {
  if ((c >= 0x41 && c <= 0x5A) || (c >= 0xC0 && c <= 0xDE && c != 0xD7) ||
      (c >= 0x391 && c <= 0x3A9) || (c >= 0x410 && c <= 0x42F)) {
    return c + 32;
  }
  if (c >= 0x400 && c <= 0x40F) {
    return c + 80;
  }
  return c >= 0x31 && c <= 0x39 ? 0x30 : c;
}

Kind kind_of(std::uint32_t c) {
  if (c == '\n') {
    return Kind::line_break;
  }
  if (c == '0' || (c >= 'a' && c <= 'z') || (c >= 0xDF && c < 0x2000 && c != 0xF7)) {
    return Kind::letter;
  }
  const bool han = (c >= 0x3040 && c <= 0x30FF) || (c >= 0x3400 && c <= 0x9FFF) ||
                   (c >= 0xAC00 && c <= 0xD7A3) || (c >= 0xF900 && c <= 0xFAFF) ||
                   (c >= 0x20000 && c <= 0x3FFFF);
  return han ? Kind::han : Kind::separator;
}

// What a character counts as, of which kind that is, and whether it is left out altogether.
struct Folded {
  std::uint16_t to = 0;
  Kind kind = Kind::separator;
  bool is_unseen = false;
};

// For the characters below U+10000.
struct Fold {
  std::array<Folded, 0x10000> of{};
  std::array<std::uint8_t, 256> ascii_letter{};  // by byte: as what it counts; 0: it is no letter

  Fold() {
    for (std::uint32_t c = 0; c < of.size(); ++c) {
      const bool wide = c >= 0xFF01 && c <= 0xFF5E;
      of[c].to = static_cast<std::uint16_t>(lower(wide ? c - 0xFEE0 : c));
    }
    read_traditional();
    for (Folded& one : of) {
      one.kind = kind_of(one.to);
    }
    // Carriage returns, apostrophes of every shape, and what nobody sees.
    for (const std::uint32_t c : {0x0D, 0x27, 0x60, 0xAD, 0xB4, 0x2BC, 0x180E, 0x2018, 0x2019,
                                  0x201B, 0xFEFF, 0xFF07, 0xFF40}) {
      of[c].is_unseen = true;
    }
    constexpr std::pair<std::uint32_t, std::uint32_t> unseen[] = {
        {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFE00, 0xFE0F}};
    for (const auto& [first, last] : unseen) {
      for (std::uint32_t c = first; c <= last; ++c) {
        of[c].is_unseen = true;
      }
    }
    for (std::uint32_t c = 0; c < 0x80; ++c) {
      ascii_letter[c] = of[c].kind == Kind::letter ? static_cast<std::uint8_t>(of[c].to) : 0;
    }
  }

  // The second line of the file holds the traditional characters, the third the simplified ones.
  void read_traditional() {
    std::string_view from = traditional_txt.substr(traditional_txt.find('\n') + 1);
    std::string_view into = from.substr(from.find('\n') + 1);
    while (from[0] != '\n') {
      const Character a = decode(from);
      const Character b = decode(into);
      assert(a.code < of.size() && b.code < of.size());
      of[a.code].to = static_cast<std::uint16_t>(b.code);
      from.remove_prefix(a.length);
      into.remove_prefix(b.length);
    }
  }
};

const Fold& fold() {
  static const std::unique_ptr<const Fold> table = std::make_unique<Fold>();
  return *table;
}

std::uint64_t add(std::uint64_t hash, std::uint32_t code) {
  return (hash ^ code) * 0x100000001B3;
}

std::uint64_t finished(std::uint64_t hash) {
  return hash ^ hash >> 32U;
}

bool is_blank(std::string_view text) {
  return text.find_first_not_of(blanks) == std::string_view::npos;
}

// Collects tokens from one character after the other.
class Collector {
 public:
  explicit Collector(Tokens& out) : out_(out) {}

  // The letters and digits of ASCII at byte `at`, most of most texts. Returns where they end.
  std::size_t letters(std::string_view text, std::size_t at, const Fold& table) {
    begin_word(at);
    std::uint64_t hash = hash_;
    for (; at < text.size(); ++at) {
      const std::uint8_t letter = table.ascii_letter[static_cast<unsigned char>(text[at])];
      if (letter == 0) {
        break;
      }
      hash = add(hash, letter);
    }
    hash_ = hash;
    end_ = static_cast<std::uint32_t>(at);
    return at;
  }

  void take(std::uint32_t code, Kind kind, std::uint32_t at, std::uint32_t length) {
    if (kind == Kind::letter) {
      begin_word(at);
      hash_ = add(hash_, code);
      end_ = at + length;
      return;
    }
    end_word();
    if (kind == Kind::han) {
      push(finished(add(hash_start, code)), at, at + length).han = true;
      ++out_.han;
    } else if (kind == Kind::line_break) {
      if (++line_breaks_ == 2) {
        out_.breaks.push_back(static_cast<std::uint32_t>(out_.tokens.size()));
      }
      return;
    } else {
      bare_ = bare_ && code == ' ';
    }
    line_breaks_ = 0;
  }

  void end_word() {
    if (in_word_) {
      in_word_ = false;
      line_breaks_ = 0;
      push(finished(hash_), begin_, end_);
    }
  }

 private:
  void begin_word(std::size_t at) {
    if (!in_word_) {
      in_word_ = true;
      hash_ = hash_start;
      begin_ = static_cast<std::uint32_t>(at);
    }
  }

  // Filled in place: copying what was just written piece by piece stalls the processor.
  Token& push(std::uint64_t hash, std::uint32_t begin, std::uint32_t end) {
    Token& token = out_.tokens.emplace_back();
    token.hash = hash;
    token.begin = begin;
    token.end = end;
    token.bare = bare_;
    bare_ = true;
    return token;
  }

  Tokens& out_;
  bool in_word_ = false;
  bool bare_ = false;  // nothing but blanks since the last token
  int line_breaks_ = 0;
  std::uint64_t hash_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

// The last place of `tag`, whose last byte is rare, or npos.
std::size_t last_place(std::string_view text, std::string_view tag) {
  for (std::size_t end = text.size(); end >= tag.size();) {
    const void* found = memrchr(text.data(), tag.back(), end);
    if (found == nullptr) {
      break;
    }
    end = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    if (text.substr(0, end + 1).ends_with(tag)) {
      return end + 1 - tag.size();
    }
  }
  return std::string_view::npos;
}

}  // namespace

void tokenize(std::string_view text, Tokens& out) {
  assert(text.size() < std::numeric_limits<std::uint32_t>::max());
  const Fold& table = fold();
  out.tokens.clear();
  out.breaks.clear();
  out.han = 0;
  out.tokens.reserve(text.size() / 4 + 1);
  Collector collector(out);
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<unsigned char>(text[at]);
    const auto here = static_cast<std::uint32_t>(at);
    if (table.ascii_letter[lead] != 0) {
      at = collector.letters(text, at, table);
      continue;
    }
    const Character c = lead < 0x80 ? Character{lead, 1} : decode(text.substr(at));
    at += c.length;
    if (c.code >= table.of.size()) [[unlikely]] {
      if (c.code < 0xE0000 || c.code > 0xE01EF) {  // tags and variation selectors: unseen
        collector.take(c.code, kind_of(c.code), here, c.length);
      }
    } else if (const Folded one = table.of[c.code]; !one.is_unseen) {
      collector.take(one.to, one.kind, here, c.length);
    }
  }
  collector.end_word();
}

char32_t folded(char32_t code) {
  const char32_t narrow = code >= 0xFF10 && code <= 0xFF19 ? code - 0xFEE0 : code;
  if (narrow >= U'0' && narrow <= U'9') {
    return narrow;  // the table counts every digit as 0
  }
  return code < fold().of.size() ? fold().of[code].to : code;
}

std::string_view spoken(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> tags[] = {
      {"<think>", "</think>"}, {"<thinking>", "</thinking>"}, {"◁think▷", "◁/think▷"}};
  for (const auto& [opening, closing] : tags) {
    const std::size_t end = last_place(text, closing);
    if (end != std::string_view::npos) {
      const std::string_view rest = text.substr(end + closing.size());
      text = is_blank(rest) ? text : rest;
      continue;
    }
    const std::size_t start = std::min(text.find_first_not_of(blanks), text.size());
    if (text.substr(start).starts_with(opening)) {
      text.remove_prefix(start + opening.size());
    }
  }
  return text;
}

std::string_view bounded(std::string_view text, std::string& buffer) {
  if (text.size() <= start_bytes + end_bytes) {
    return text;
  }
  buffer.assign(text.substr(0, start_bytes));
  buffer += '\n';
  buffer += text.substr(text.size() - end_bytes);
  return buffer;
}

std::size_t said_from(const Tokens& tokens) {
  static const std::uint64_t marks[2][2] = {{hash_of_word("the"), hash_of_word("user")},
                                            {hash_of_word("用"), hash_of_word("户")}};
  constexpr std::size_t opening_words = 12;
  constexpr std::size_t answer_words_min = 20;
  const std::vector<Token>& all = tokens.tokens;
  std::size_t last = all.size();
  for (std::size_t i = 0; i + 1 < all.size(); ++i) {
    const bool found = (all[i].hash == marks[0][0] && all[i + 1].hash == marks[0][1]) ||
                       (all[i].hash == marks[1][0] && all[i + 1].hash == marks[1][1]);
    last = found ? i : last;
    if (i == opening_words && last == all.size()) {
      return 0;
    }
  }
  if (last == all.size()) {
    return 0;
  }
  const auto after = std::upper_bound(tokens.breaks.begin(), tokens.breaks.end(), last);
  return after != tokens.breaks.end() && all.size() - *after >= answer_words_min ? *after : 0;
}

std::uint64_t hash_of_word(std::string_view word) {
  std::uint64_t hash = hash_start;
  while (!word.empty()) {
    const Character c = decode(word);
    hash = add(hash, c.code);
    word.remove_prefix(c.length);
  }
  return finished(hash);
}

}  // namespace assay::censorship
