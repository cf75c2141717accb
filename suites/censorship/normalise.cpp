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

// The character that `text` starts with; one byte of U+FFFD where that is none. The lead byte tells
// how many must follow and the smallest code that needs so many.
Character decode(std::string_view text) {
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80) {
    return {lead, 1};
  }
  const std::uint32_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length) {
    return {};
  }
  std::uint32_t code = lead & (0x7FU >> length);
  for (std::uint32_t i = 1; i < length; ++i) {
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0U) != 0x80) {
      return {};
    }
    code = code << 6U | (next & 0x3FU);
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

// For the characters below U+10000: what each counts as, and of which kind that is.
struct Fold {
  std::array<std::uint16_t, 0x10000> to{};
  std::array<Kind, 0x10000> kind{};
  std::array<bool, 0x10000> drop{};

  Fold() {
    for (std::uint32_t c = 0; c < to.size(); ++c) {
      const bool wide = c >= 0xFF01 && c <= 0xFF5E;
      to[c] = static_cast<std::uint16_t>(lower(wide ? c - 0xFEE0 : c));
    }
    read_traditional();
    for (std::uint32_t c = 0; c < to.size(); ++c) {
      kind[c] = kind_of(to[c]);
    }
    // Carriage returns, apostrophes of every shape, and what nobody sees.
    for (const std::uint32_t c : {0x0D, 0x27, 0x60, 0xAD, 0xB4, 0x2BC, 0x180E, 0x2018, 0x2019,
                                  0x201B, 0xFEFF, 0xFF07, 0xFF40}) {
      drop[c] = true;
    }
    constexpr std::pair<std::uint32_t, std::uint32_t> unseen[] = {
        {0x200B, 0x200F}, {0x202A, 0x202E}, {0x2060, 0x206F}, {0xFE00, 0xFE0F}};
    for (const auto& [first, last] : unseen) {
      std::fill(drop.begin() + first, drop.begin() + last + 1, true);
    }
  }

  // The second line of the file holds the traditional characters, the third the simplified ones.
  void read_traditional() {
    std::string_view from = traditional_txt.substr(traditional_txt.find('\n') + 1);
    std::string_view into = from.substr(from.find('\n') + 1);
    while (from[0] != '\n') {
      const Character a = decode(from);
      const Character b = decode(into);
      assert(a.code < to.size() && b.code < to.size());
      to[a.code] = static_cast<std::uint16_t>(b.code);
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

  void take(std::uint32_t code, Kind kind, std::uint32_t at, std::uint32_t length) {
    if (kind == Kind::letter) {
      if (!in_word_) {
        in_word_ = true;
        hash_ = hash_start;
        begin_ = at;
      }
      hash_ = add(hash_, code);
      end_ = at + length;
      line_breaks_ = 0;
      return;
    }
    end_word();
    if (kind == Kind::han) {
      push({.hash = finished(add(hash_start, code)), .begin = at, .end = at + length, .han = true});
      ++out_.han;
    }
    line_breaks_ = kind == Kind::line_break ? line_breaks_ + 1 : 0;
    if (line_breaks_ == 2) {
      out_.breaks.push_back(static_cast<std::uint32_t>(out_.tokens.size()));
    }
    bare_ = kind == Kind::han || (bare_ && (code == ' ' || code == '\n'));
  }

  void end_word() {
    if (in_word_) {
      push({.hash = finished(hash_), .begin = begin_, .end = end_});
      in_word_ = false;
      bare_ = true;
    }
  }

 private:
  void push(Token token) {
    token.bare = bare_;
    out_.tokens.push_back(token);
  }

  Tokens& out_;
  bool in_word_ = false;
  bool bare_ = false;
  int line_breaks_ = 0;
  std::uint64_t hash_ = 0;
  std::uint32_t begin_ = 0;
  std::uint32_t end_ = 0;
};

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
    const Character c = lead < 0x80 ? Character{lead, 1} : decode(text.substr(at));
    const auto here = static_cast<std::uint32_t>(at);
    at += c.length;
    if (c.code >= table.to.size()) {
      if (c.code < 0xE0000 || c.code > 0xE01EF) {  // tags and variation selectors: unseen
        collector.take(c.code, kind_of(c.code), here, c.length);
      }
    } else if (!table.drop[c.code]) {
      collector.take(table.to[c.code], table.kind[c.code], here, c.length);
    }
  }
  collector.end_word();
}

char32_t folded(char32_t code) {
  const char32_t narrow = code >= 0xFF10 && code <= 0xFF19 ? code - 0xFEE0 : code;
  if (narrow >= U'0' && narrow <= U'9') {
    return narrow;  // the table counts every digit as 0
  }
  return code < fold().to.size() ? fold().to[code] : code;
}

std::string_view spoken(std::string_view text) {
  constexpr std::pair<std::string_view, std::string_view> tags[] = {
      {"<think>", "</think>"}, {"<thinking>", "</thinking>"}, {"◁think▷", "◁/think▷"}};
  // Nearly no text holds a tag, and this search is fast where rfind is not.
  if (memmem(text.data(), text.size(), "think", 5) == nullptr) {
    return text;
  }
  for (const auto& [opening, closing] : tags) {
    const std::size_t end = text.rfind(closing);
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
