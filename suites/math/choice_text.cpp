#include "suites/math/choice_text.h"

#include <algorithm>

#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

using role::Roles;

constexpr Roles leads = role::pointing | role::starts;

class Reader {
 public:
  Reader(std::string_view text, size_t options) : text_(text), options_(options) {}

  std::vector<ChoiceToken> read() {
    while (at_ < text_.size()) {
      step();
    }
    return std::move(tokens_);
  }

 private:
  char peek(size_t at) const { return at < text_.size() ? text_[at] : '\n'; }
  bool is_word(size_t at) const { return is_ascii_letter(peek(at)) || is_ascii_digit(peek(at)); }
  bool upper(size_t at) const {
    return peek(at) >= 'A' && static_cast<size_t>(peek(at) - 'A') < options_;
  }

  // Whether nothing but "option" stands in front on the line.
  bool at_line_start() const {
    for (auto token = tokens_.rbegin(); token != tokens_.rend(); ++token) {
      if (!token->is(role::naming)) {
        return token->is(role::line);
      }
    }
    return true;
  }

  void add(Roles roles, size_t bytes) {
    tokens_.push_back(
        {roles, static_cast<std::uint32_t>(at_), static_cast<std::uint32_t>(at_ + bytes)});
    at_ += bytes;
  }

  void step() {
    const char c = text_[at_];
    if (c == '\n') {
      add(role::line, 1);
    } else if (static_cast<unsigned char>(c) >= 0x80) {
      wide();
    } else if (c == '\\') {
      command();
    } else if (is_ascii_letter(c)) {
      word();
    } else if (is_ascii_digit(c)) {
      size_t end = at_;
      while (is_word(end) || (peek(end) == '.' && is_ascii_digit(peek(end + 1)))) {
        ++end;
      }
      add(0, end - at_);
    } else if (c == '(' || c == '[') {
      bracket(1);
    } else {
      punctuation(c);
    }
  }

  void punctuation(char c) {
    const auto ends = [&](size_t at) { return at >= text_.size() || !is_word(at); };
    switch (c) {
      case ',':
      case ';':
        return add(role::comma, 1);
      case ':':
        return add(role::colon, 1);
      case '/':
        return add(role::joint_or, 1);
      case '&':
        return add(role::joint_and, 1);
      case ')':
        return add(role::starts, 1);
      case '?':
        return add(role::question, 1);
      case '!':
        return add(role::stop, 1);
      case '.':
        return ends(at_ + 1) ? add(role::stop, 1) : add(0, 1);
      case '=':
        return peek(at_ + 1) == '>' ? add(leads, 2) : add(role::sign, 1);
      case '+':
      case '^':
      case '<':
        return add(role::sign, 1);
      case '_':
        return is_word(at_ + 1) && at_ > 0 && is_word(at_ - 1) ? add(role::sign, 1)
                                                               : static_cast<void>(++at_);
      case '-':
        if (peek(at_ + 1) == '>') {
          return add(leads, 2);
        }
        [[fallthrough]];
      default:
        ++at_;
    }
  }

  void command() {
    size_t end = at_ + 1;
    while (is_ascii_letter(peek(end))) {
      ++end;
    }
    const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
    if (name.empty()) {
      at_ += std::min<size_t>(2, text_.size() - at_);
      return;
    }
    if (const RoleWord* known = role_command(name)) {
      return add(known->roles, end - at_);
    }
    if (markup_bytes(text_.substr(at_)) == 0) {
      return add(0, end - at_);
    }
    at_ = end;
  }

  void wide() {
    const std::string_view rest = text_.substr(at_);
    const bool full_width = rest.starts_with("\xEF\xBC") && rest.size() >= 3;
    if (full_width && rest.starts_with("（") && bracket(3)) {
      return;
    }
    if (full_width) {  // full-width letters from Ａ
      const int letter = static_cast<unsigned char>(rest[2]) - 0xA1;
      if (letter >= 0 && letter < static_cast<int>(options_)) {
        return letter_token(static_cast<char>('A' + letter), 3, /*bracketed=*/false);
      }
    }
    for (const std::string_view blank : {"\xC2\xA0", "\xE3\x80\x80", "“", "”", "—", "–"}) {
      if (blank.front() == rest.front() && rest.starts_with(blank)) {
        at_ += blank.size();
        return;
      }
    }
    if (const RoleWord* word = leading_role_word(rest)) {
      return add(word->roles, word->text.size());
    }
    size_t bytes = 1;
    while (bytes < rest.size() && (static_cast<unsigned char>(rest[bytes]) & 0xC0) == 0x80) {
      ++bytes;
    }
    add(0, bytes);
  }

  // Behind the markup and blanks at `at`, of which no more than to `limit` are looked at.
  size_t behind_markup(size_t at, size_t limit) const {
    while (at < limit) {
      const char c = text_[at];
      const bool dress = c == '*' || c == '$' || c == '{' || c == '}' || c == ' ';
      const size_t bytes = c == '\\' ? markup_bytes(text_.substr(at)) : (dress ? 1 : 0);
      if (bytes == 0) {
        break;
      }
      at += bytes;
    }
    return at;
  }

  // "(B)", "[B]", "(\text{B})"; `open` bytes long is what opens it.
  bool bracket(size_t open) {
    constexpr size_t inside_max = 24;
    const bool applied = (!tokens_.empty() && tokens_.back().end == at_ && is_word(at_ - 1)) ||
                         (at_ > 0 && text_[at_ - 1] == '}');
    const size_t limit = std::min(text_.size(), at_ + open + inside_max);
    const size_t place = behind_markup(at_ + open, limit);
    const bool full = text_.substr(place).starts_with("\xEF\xBC") && place + 2 < text_.size();
    const char written =
        full ? static_cast<char>(static_cast<unsigned char>(text_[place + 2]) - 0x60) : peek(place);
    const bool lower = !full && written >= 'a' && written <= 'z';
    const char letter = lower ? static_cast<char>(written - 32) : written;
    const size_t close = std::min(behind_markup(place + (full ? 3 : 1), limit), text_.size());
    const size_t close_bytes = peek(close) == ')' || peek(close) == ']' ? 1 : 3;
    const bool closed = close_bytes == 1 || text_.substr(close).starts_with("）");
    if (!closed || letter < 'A' || static_cast<size_t>(letter - 'A') >= options_) {
      if (open == 1) {
        text_[at_] == '(' ? add(role::starts, 1) : static_cast<void>(++at_);
      }
      return false;
    }
    const size_t bytes = close + close_bytes - at_;
    if (applied) {
      add(role::sign, bytes);
      return true;
    }
    letter_token(letter, bytes, /*bracketed=*/true);
    tokens_.back().lower = lower;
    return true;
  }

  void letter_token(char letter, size_t bytes, bool bracketed) {
    const bool first = at_line_start();
    add(role::letters, bytes);
    ChoiceToken& token = tokens_.back();
    token.letters = letters_of(letter);
    token.bracketed = bracketed;
    size_t behind = at_;
    while (peek(behind) == '*' || peek(behind) == '}' || peek(behind) == '$') {
      ++behind;
    }
    for (const std::string_view mark : {".", ")", ":", "：", "．", "、"}) {
      const bool marked = text_.substr(std::min(behind, text_.size())).starts_with(mark);
      if (first && marked && !is_word(behind + mark.size())) {
        // "A、B、D are wrong" begins with a list.
        size_t next = behind + mark.size();
        while (peek(next) == ' ') {
          ++next;
        }
        if (mark == "、" && (upper(next) && !is_word(next + 1))) {
          return;
        }
        token.label = true;
        at_ = behind + mark.size();
        return;
      }
    }
  }

  void word() {
    size_t end = at_;
    std::string lower;
    while (true) {
      if (is_word(end)) {
        lower += ascii_lower(text_[end++]);
        continue;
      }
      const bool typographic = text_.substr(std::min(end, text_.size())).starts_with("’");
      const size_t mark = typographic ? 3 : 1;
      if ((typographic || peek(end) == '\'') && is_ascii_letter(peek(end + mark))) {
        lower += '\'';
        end += mark;
        continue;
      }
      break;
    }
    if (const bool joined = peek(end) == '-' && is_word(end + 1); lower.size() == 1 && upper(at_)) {
      const bool variable = peek(end) == '(' || peek(end) == '_' || peek(end) == '^' || joined;
      const bool emphasis = peek(end) == '_' && !is_word(end + 1);
      if (!variable || emphasis) {
        return letter_token(text_[at_], 1, /*bracketed=*/false);
      }
      return add(role::sign, end - at_);
    }
    if (lower.size() > 1 && run(end)) {
      return;
    }
    add(role::ascii | roles_of_word(lower), end - at_);
    const size_t option = ordinal_place(lower, options_);
    if (option < options_) {
      tokens_.back().roles |= role::ordinal;
      tokens_.back().letters = Letters{1} << option;
    }
  }

  // "ABD": letters in their order.
  bool run(size_t end) {
    Letters letters = 0;
    for (size_t at = at_; at < end; ++at) {
      if (!upper(at) || (at > at_ && text_[at] <= text_[at - 1])) {
        return false;
      }
      letters |= letters_of(text_[at]);
    }
    add(role::letters, end - at_);
    tokens_.back().letters = letters;
    tokens_.back().run = true;
    return true;
  }

  std::string_view text_;
  size_t options_;
  size_t at_ = 0;
  std::vector<ChoiceToken> tokens_;
};

// Takes the letters away that are none: an article, a pronoun, a variable.
void strip_words(std::vector<ChoiceToken>& tokens) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    ChoiceToken& token = tokens[i];
    if (!token.is(role::letters) || token.bracketed || token.run) {
      continue;
    }
    const Roles next = i + 1 < tokens.size() ? tokens[i + 1].roles : 0;
    constexpr Roles clause = role::starts | role::starts_late;
    const bool article =
        token.letters == letters_of('A') && (next & (role::verb | clause | role::negation)) == 0;
    const bool pronoun = token.letters == letters_of('I') && (next & (role::right | clause)) == 0 &&
                         (next & (role::verb | role::present)) != (role::verb | role::present);
    const bool word = (article || pronoun) && !token.label && (next & role::ascii) != 0;
    const bool variable = (next & role::sign) != 0 || (i > 0 && tokens[i - 1].is(role::sign));
    if (word || variable) {
      token.roles = role::ascii;
      token.letters = 0;
    }
  }
}

// "second option"
void read_ordinals(std::vector<ChoiceToken>& tokens, std::string_view text) {
  for (size_t i = 0; i + 1 < tokens.size(); ++i) {
    const std::string_view noun =
        text.substr(tokens[i + 1].begin, tokens[i + 1].end - tokens[i + 1].begin);
    if (tokens[i].is(role::ordinal) &&
        (equal_ignoring_case(noun, "option") || equal_ignoring_case(noun, "choice"))) {
      tokens[i].roles = role::letters;
      tokens[i].bracketed = true;
      tokens[i].end = tokens[i + 1].end;
      tokens[i + 1].roles = role::pointing;
    }
  }
}

// Whether the letter at `next` belongs to those in front of the joint between them.
bool continues(const std::vector<ChoiceToken>& tokens, size_t next, Roles joints) {
  if (!tokens[next].is(role::letters) || tokens[next].lower || tokens[next].label) {
    return false;
  }
  const Roles behind = next + 1 < tokens.size() ? tokens[next + 1].roles : role::stop;
  constexpr Roles apart = role::ends_clause | role::colon | role::starts | role::starts_late |
                          role::plural | role::joint_and | role::joint_or;
  if ((joints & role::joint_or) != 0 || (behind & apart) != 0) {
    return true;
  }
  return (joints & role::joint_and) != 0 && (behind & role::verb) == 0;
}

// "A, B and D" becomes one.
void join(std::vector<ChoiceToken>& tokens) {
  size_t kept = 0;
  for (size_t i = 0; i < tokens.size(); ++i) {
    ChoiceToken token = tokens[i];
    while (token.is(role::letters) && !tokens[i].lower && !tokens[i].label) {
      size_t next = i + 1;
      Roles joints = 0;
      while (next < tokens.size() && next <= i + 2 &&
             tokens[next].is(role::comma | role::joint_and | role::joint_or)) {
        joints |= tokens[next++].roles;
      }
      const bool adjacent =
          next == i + 1 && next < tokens.size() && tokens[next].bracketed && tokens[i].bracketed;
      if (next >= tokens.size() || (joints == 0 && !adjacent) ||
          !(adjacent ? tokens[next].is(role::letters) && !tokens[next].lower
                     : continues(tokens, next, joints))) {
        break;
      }
      token.letters |= tokens[next].letters;
      token.end = tokens[next].end;
      token.alternatives = token.alternatives || (joints & role::joint_or) != 0;
      i = next;
    }
    tokens[kept++] = token;
  }
  tokens.resize(kept);
}

}  // namespace

std::string spelled(Letters letters) {
  std::string out;
  for (char letter = 'A'; letter <= 'Z'; ++letter) {
    if ((letters & letters_of(letter)) != 0) {
      out += letter;
    }
  }
  return out;
}

char only_letter(Letters letters) {
  const std::string all = spelled(letters);
  return all.size() == 1 ? all.front() : '\0';
}

std::vector<ChoiceToken> choice_tokens(std::string_view text, size_t options) {
  std::vector<ChoiceToken> tokens = Reader(text, options).read();
  strip_words(tokens);
  read_ordinals(tokens, text);
  join(tokens);
  return tokens;
}

}  // namespace assay::math
