#include "suites/math/expression/lexer.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <unordered_set>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/number.h"
#include "suites/math/expression/units.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

constexpr std::array<std::string_view, 40> functions = {
    "arcsinh", "arccosh", "arctanh", "arcsin", "arccos", "arctan", "arccot", "arcsec",
    "arccsc",  "sinh",    "cosh",    "tanh",   "coth",   "sin",    "cos",    "tan",
    "cot",     "sec",     "csc",     "sqrt",   "cbrt",   "log",    "ln",     "lg",
    "exp",     "gcd",     "lcm",     "max",    "min",    "floor",  "ceil",   "abs",
    "det",     "arg",     "asin",    "acos",   "atan",   "sgn",    "mod",    "cis"};
constexpr std::array<std::string_view, 18> constants = {
    "infinity", "infty", "inf",   "pi",  "theta", "alpha",   "beta", "gamma", "delta",
    "lambda",   "omega", "sigma", "phi", "rho",   "epsilon", "oo",   "union", "cup"};
constexpr std::array<std::string_view, 6> words_of_lists = {"and", "or",      "in",
                                                            "per", "percent", "deg"};

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& table, std::string_view word) {
  return std::find(table.begin(), table.end(), word) != table.end();
}

class Lexer {
 public:
  Lexer(std::string_view text, Commas commas, bool powers_of_ten)
      : text_(text), commas_(commas), powers_of_ten_(powers_of_ten) {}

  Tokens run() {
    scan(text_, false);
    out_.tokens.push_back({.type = TokenType::end});
    return std::move(out_);
  }

 private:
  void push(TokenType type, std::string_view text, bool in_text) {
    // Of each word it is asked at several places what it may mean.
    read_ += type == TokenType::word ? 2 : 1;
    if (read_ > tokens_max) {
      out_.fits = false;
      return;
    }
    out_.tokens.push_back({type, std::string(text), {}, blank_, in_text});
    blank_ = false;
  }

  void scan(std::string_view text, bool in_text) {
    for (std::size_t i = 0; i < text.size() && out_.fits;) {
      const char c = text[i];
      if (std::isspace(static_cast<unsigned char>(c)) != 0 || c == '~') {
        blank_ = true;
        ++i;
      } else if (const std::size_t next = based(text, i); next > i) {
        i = next;
      } else if (is_ascii_digit(c) ||
                 (c == '.' && i + 1 < text.size() && is_ascii_digit(text[i + 1]))) {
        i = number(text, i);
      } else if (is_ascii_letter(c)) {
        i = letters(text, i, in_text);
      } else if (c == '\\') {
        i = command(text, i, in_text);
      } else if (static_cast<unsigned char>(c) >= 0x80) {
        std::size_t end = i;
        while (end < text.size() && static_cast<unsigned char>(text[end]) >= 0x80) ++end;
        push(TokenType::word, text.substr(i, end - i), true);
        i = end;
      } else {
        i = mark(text, i);
      }
    }
  }

  std::size_t mark(std::string_view text, std::size_t i) {
    static constexpr std::array<std::string_view, 9> pairs = {
        "<=", ">=", "!=", "+-", "==", "=<", "<>", "**", "=>"};
    const std::string_view rest = text.substr(i);
    if (rest.starts_with("+/-")) {
      push(TokenType::mark, "+-", false);
      return i + 3;
    }
    for (const auto pair : pairs) {
      if (!rest.starts_with(pair)) continue;
      const std::string_view meant = pair == "=="   ? "="
                                     : pair == "=<" ? "<="
                                     : pair == "<>" ? "!="
                                     : pair == "**" ? "^"
                                     : pair == "=>" ? ">="
                                                    : pair;
      push(TokenType::mark, meant, false);
      return i + 2;
    }
    const char c = rest[0];
    if (c == '(' || c == '[') brackets_.push_back(text.substr(i));
    if ((c == ')' || c == ']') && !brackets_.empty()) brackets_.pop_back();
    push(TokenType::mark, rest.substr(0, 1), false);
    return i + 1;
  }

  // Whether the bracket that opens the text separates its members by ", " or ";": then a bare comma
  // between groups of digits belongs to a number.
  static bool is_spaced_list(std::string_view text) {
    constexpr std::size_t looked_at = 200;
    int depth = 0;
    for (std::size_t k = 0; k < text.size() && k < looked_at; ++k) {
      const char c = text[k];
      if (c == '(' || c == '[' || c == '{') ++depth;
      if ((c == ')' || c == ']' || c == '}') && --depth == 0) return false;
      if (depth == 1 && (c == ';' || (c == ',' && k + 1 < text.size() && text[k + 1] == ' '))) {
        return true;
      }
    }
    return false;
  }

  static std::size_t digits_at(std::string_view text, std::size_t i) {
    std::size_t n = 0;
    while (i + n < text.size() && is_ascii_digit(text[i + n])) ++n;
    return n;
  }

  // Exactly three digits behind a separator at `i` of `width` characters, and no digit behind them.
  static bool group_at(std::string_view text, std::size_t i, std::string_view separator) {
    return text.substr(std::min(i, text.size())).starts_with(separator) &&
           digits_at(text, i + separator.size()) == 3;
  }

  // The place behind ",dd,dd,ddd" at `i`; `i` where there is none, or a list in brackets.
  std::size_t behind_lakhs(std::string_view text, std::size_t i) const {
    std::size_t at = i;
    while (at < text.size() && text[at] == ',' && digits_at(text, at + 1) == 2) at += 3;
    return at > i && brackets_.empty() && group_at(text, at, ",") && !group_at(text, at + 4, ",")
               ? at + 4
               : i;
  }

  // Takes ",ddd" groups behind the first digits; returns the new position.
  std::size_t groups(std::string_view text, std::size_t i, std::string& digits) {
    const bool may_group = digits.size() <= 3 && digits[0] != '0';
    if (!may_group) return i;
    // 1{,}000, 1'000, 1_000, 1~000
    for (const std::string_view separator : {"{,}", "'", "_", "~"}) {
      while (group_at(text, i, separator)) {
        digits += text.substr(i + separator.size(), 3);
        i += separator.size() + 3;
      }
    }
    if (const std::size_t end = behind_lakhs(text, i); end > i && digits.size() <= 2) {
      // 12,34,567 as India writes it, or a list.
      out_.commas_ambiguous = true;
      if (commas_ != Commas::thousands) return i;
      for (; i < end; ++i) {
        if (text[i] != ',') digits += text[i];
      }
      return i;
    }
    if (group_at(text, i, ",")) {
      const bool may_join = brackets_.empty() || is_spaced_list(brackets_.back());
      if (may_join) out_.commas_ambiguous = true;
      if (commas_ == Commas::thousands && may_join) {
        while (group_at(text, i, ",")) {
          digits += text.substr(i + 1, 3);
          i += 4;
        }
      }
      return i;
    }
    if (group_at(text, i, " ") && !(i + 4 < text.size() && (text[i + 4] == '/'))) {
      while (group_at(text, i, " ")) {
        digits += text.substr(i + 1, 3);
        i += 4;
      }
      return i;
    }
    if (group_at(text, i, ".") &&
        (group_at(text, i + 4, ".") ||
         (text.substr(i + 4).starts_with(",") && digits_at(text, i + 5) > 0 &&
          digits_at(text, i + 5) != 3 && brackets_.empty()))) {
      while (group_at(text, i, ".")) {
        digits += text.substr(i + 1, 3);
        i += 4;
      }
      if (i < text.size() && text[i] == ',' && digits_at(text, i + 1) > 0) {
        const std::size_t n = digits_at(text, i + 1);
        digits += '.';
        digits += text.substr(i + 1, n);
        i += n + 1;
      }
    }
    return i;
  }

  // "2A_{16}", "(FF)_16", "0x1F": digits of a base above ten. Returns the position behind it.
  std::size_t based(std::string_view text, std::size_t i) {
    if (text.substr(i).starts_with("0b")) {
      const std::size_t behind = std::min(text.find_first_not_of("01", i + 2), text.size());
      if (behind == i + 2 || !push_based(text.substr(i + 2, behind - i - 2), 2)) return i;
      return behind;
    }
    const bool prefixed = text.substr(i).starts_with("0x");
    std::size_t end = prefixed ? i + 2 : i;
    bool letters = false;
    while (end < text.size() &&
           (is_ascii_digit(text[end]) || (text[end] >= 'A' && text[end] <= 'Z') ||
            (prefixed && text[end] >= 'a' && text[end] <= 'f'))) {
      letters = letters || !is_ascii_digit(text[end]);
      ++end;
    }
    const std::string_view digits = text.substr(prefixed ? i + 2 : i, end - i - (prefixed ? 2 : 0));
    if (prefixed) {
      if (digits.empty() || !push_based(digits, 16)) return i;
      return end;
    }
    if (!letters || digits.size() < 2) return i;
    const bool bracket = end < text.size() && text[end] == ')' && i > 0 && text[i - 1] == '(' &&
                         text.substr(end + 1).starts_with("_");
    const std::size_t at = bracket ? end + 1 : end;
    const std::size_t behind = push_with_index(text, at, digits, bracket);
    return behind == at ? i : behind;
  }

  // "_16" or "_{16}" at `at` makes digits of what stands before it. Returns the position behind.
  std::size_t push_with_index(std::string_view text, std::size_t at, std::string_view digits,
                              bool bracket) {
    if (at >= text.size() || text[at] != '_') return at;
    const bool group = text.substr(at + 1).starts_with("{");
    const std::size_t from = at + (group ? 2 : 1);
    const std::size_t n = digits_at(text, from);
    if (n != 2 || (group && !text.substr(from + n).starts_with("}"))) return at;
    if (bracket) out_.tokens.pop_back();
    if (bracket && !brackets_.empty()) brackets_.pop_back();
    const int base = (text[from] - '0') * 10 + (text[from + 1] - '0');
    if (!push_based(digits, base)) return at;
    return from + n + (group ? 1 : 0);
  }

  bool push_based(std::string_view digits, int base) {
    if ((base <= 10 && base != 2) || base > 36 || !parse_based(digits, base)) return false;
    push(TokenType::number, digits, false);
    out_.tokens.back().base = base;
    return true;
  }

  // "3rd", "21st": the length of the ending of an ordinal.
  static std::size_t ordinal_at(std::string_view text, std::size_t i) {
    const std::string_view ending = text.substr(std::min(i, text.size()), 2);
    const bool known = ending == "st" || ending == "nd" || ending == "rd" || ending == "th";
    return known && !(i + 2 < text.size() && is_ascii_letter(text[i + 2])) ? 2 : 0;
  }

  // "0.1666...": the length of the dots, and what repeats in front of them, taken off the digits.
  static std::size_t endless(std::string_view text, std::size_t i, std::string& digits,
                             std::string& repeat) {
    const std::string_view rest = text.substr(std::min(i, text.size()));
    std::size_t used = 0;
    for (const std::string_view dots : {"...", "\\ldots", "\\dots", "\\cdots"}) {
      if (rest.starts_with(dots)) used = dots.size();
    }
    if (used == 0) return 0;
    const std::size_t places = digits.size() - digits.find('.') - 1;
    for (std::size_t period = 1; period * 2 <= places && period <= 12; ++period) {
      std::size_t same = 0;
      while (same + period < places &&
             digits[digits.size() - 1 - same] == digits[digits.size() - 1 - same - period])
        ++same;
      // Three digits at least, and two whole periods, say what goes on.
      if (same + period < 3 || same < period) continue;
      repeat = digits.substr(digits.size() - period);
      digits.resize(digits.size() - period);
      break;
    }
    return used;
  }

  std::size_t number(std::string_view text, std::size_t i) {
    std::string digits(text.substr(i, digits_at(text, i)));
    i += digits.size();
    if (!digits.empty()) i = groups(text, i, digits);
    std::string repeat;
    const bool has_point = digits.find('.') != std::string::npos;
    if (!has_point && i < text.size() && text[i] == '.' && digits_at(text, i + 1) > 0) {
      const std::size_t n = digits_at(text, i + 1);
      digits += text.substr(i, n + 1);
      i += n + 1;
      i = repeating(text, i, repeat);
      if (repeat.empty()) i += endless(text, i, digits, repeat);
      if (repeat.empty() && n == 1 &&
          text.substr(std::min(i, text.size())).starts_with(" repeating")) {
        // "0.3 repeating"
        repeat = digits.substr(digits.size() - 1);
        digits.pop_back();
        i += std::string_view(" repeating").size();
      }
    } else if (!has_point && i < text.size() && text[i] == '.' && !digits.empty()) {
      const std::size_t next = repeating(text, i + 1, repeat);
      if (next > i + 1) digits += '.';
      i = next > i + 1 ? next : i;
      // "12." at the end of a sentence: the point is no part of the number.
    } else if (!has_point && text.substr(std::min(i, text.size())).starts_with("{,}")) {
      const std::size_t n = digits_at(text, i + 3);
      if (n > 0) (digits += '.') += text.substr(i + 3, n);
      i += n > 0 ? n + 3 : 0;
    } else if (i < text.size() && text[i] == ',' && brackets_.empty() && !has_point) {
      const std::size_t n = digits_at(text, i + 1);
      const bool one = n > 0 && (n != 3 || digits == "0") &&
                       (i + 1 + n >= text.size() || text[i + 1 + n] != ',');
      if (one) out_.commas_ambiguous = true;
      if (one && commas_ == Commas::decimal) {
        digits += '.';
        digits += text.substr(i + 1, n);
        i += n + 1;
      }
    }
    if (!has_point && repeat.empty()) i += ordinal_at(text, i);
    const std::size_t power = repeat.empty() ? power_of_ten(text, i, digits) : 0;
    push(TokenType::number, digits, false);
    out_.tokens.back().repeat = repeat;
    if (power > 0) {
      // 6.02e23 is 6.02*10^23.
      push(TokenType::mark, "*", false);
      push(TokenType::number, "10", false);
      push(TokenType::mark, "^", false);
      const std::size_t sign = text[i + 1] == '-' || text[i + 1] == '+' ? 1 : 0;
      if (sign == 1) push(TokenType::mark, text.substr(i + 1, 1), false);
      push(TokenType::number, text.substr(i + 1 + sign, power - 1 - sign), false);
      i += power;
    }
    return i;
  }

  // The length of "e23", "E-5" behind a number. "2e-3" is left to Euler's number at first.
  std::size_t power_of_ten(std::string_view text, std::size_t i, const std::string& digits) {
    if (i >= text.size() || (text[i] != 'e' && text[i] != 'E')) return 0;
    const bool sign = i + 1 < text.size() && (text[i + 1] == '-' || text[i + 1] == '+');
    const std::size_t n = digits_at(text, i + (sign ? 2 : 1));
    if (sign && n > 0 && text[i] == 'e' && digits.find('.') == std::string::npos) {
      out_.powers_ambiguous = true;
      if (!powers_of_ten_) return 0;
    }
    return n == 0 || n > 4 ? 0 : n + (sign ? 2 : 1);
  }

  // "0.\overline{3}", "0.1\dot{6}", "0.1(6)": what stands behind the digits repeats.
  static std::size_t repeating(std::string_view text, std::size_t i, std::string& repeat) {
    const std::string_view rest = text.substr(std::min(i, text.size()));
    for (const std::string_view bar : {"\\overline", "\\bar", "\\dot"}) {
      // "0.\\bar3", "0.\\bar 3"
      const std::size_t at = bar.size() + (rest.substr(0, bar.size() + 1).ends_with(' ') ? 1 : 0);
      if (!rest.starts_with(bar) || digits_at(rest, at) == 0) continue;
      repeat = rest.substr(at, 1);
      return i + at + 1;
    }
    for (const std::string_view open : {"\\overline{", "\\bar{", "\\dot{", "("}) {
      if (!rest.starts_with(open)) continue;
      const std::size_t n = digits_at(rest, open.size());
      const std::size_t end = open.size() + n;
      if (n == 0 || end >= rest.size() || rest[end] != (open == "(" ? ')' : '}')) continue;
      repeat = rest.substr(open.size(), n);
      std::size_t used = end + 1;
      if (open == "\\dot{" && rest.substr(used).starts_with(open)) used = 0;
      if (open == "\\dot{" && used > 0) {
        // 0.\dot{1}2\dot{3}: the dots mark both ends.
        const std::size_t more = digits_at(rest, used);
        const std::string_view tail = rest.substr(used + more);
        if (tail.starts_with(open) && digits_at(tail, open.size()) == 1) {
          repeat += std::string(rest.substr(used, more)) + tail[open.size()];
          used += more + open.size() + 2;
        }
      } else if (open == "\\dot{") {
        const std::string_view tail = rest.substr(end + 1);
        repeat += tail.substr(open.size(), 1);
        used = end + 1 + open.size() + 2;
      }
      return i + used;
    }
    return i;
  }

  std::size_t letters(std::string_view text, std::size_t i, bool in_text) {
    std::size_t end = i;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    const std::string_view run = text.substr(i, end - i);
    const std::string small = lower(run);
    // "sq. ft."
    const bool abbreviated =
        end < text.size() && text[end] == '.' && run.size() > 1 &&
        (small == "sq" || small == "cu" || small == "in" || find_unit(small).has_value());
    push_letters(run, small, in_text, end < text.size() && text[end] == '^');
    return end + (abbreviated ? 1 : 0);
  }

  void push_letters(std::string_view run, const std::string& small, bool in_text, bool raised) {
    if (in_text) {
      push(TokenType::word, run, true);
    } else if (is_function_name(small) || is_one_of(constants, small)) {
      push(TokenType::name, small, false);
    } else if (small == "secs" || is_one_of(words_of_lists, small)) {
      push(TokenType::word, small, false);
    } else if (run.size() > 1 && raised && behind_caret()) {
      // e^xe^y: the second power's base is its own letter, and no part of the first exponent.
      split(run.substr(0, run.size() - 1));
      push(TokenType::letter, run.substr(run.size() - 1), false);
    } else {
      split(run);
    }
  }

  bool behind_caret() const { return !out_.tokens.empty() && out_.tokens.back().text == "^"; }

  // "xsinx" holds a function, "xyz" three letters; longer runs are words.
  void split(std::string_view run) {
    for (const std::string_view joiner : {"or", "and"}) {
      // "x=1orW=2": a joiner that lost its blanks.
      const bool joined = run.starts_with(joiner) && run.size() > joiner.size() &&
                          run.size() <= joiner.size() + 2 && !out_.tokens.empty() &&
                          out_.tokens.back().type == TokenType::number;
      if (!joined) continue;
      push(TokenType::word, joiner, false);
      return split(run.substr(joiner.size()));
    }
    for (std::size_t i = 0; i < run.size();) {
      const std::string_view found = known_at(run.substr(i));
      if (found.empty()) {
        ++i;
        continue;
      }
      if (i > 3) break;
      for (const char c : run.substr(0, i)) push(TokenType::letter, std::string(1, c), false);
      push(TokenType::name, found, false);
      if (i + found.size() < run.size()) split(run.substr(i + found.size()));
      return;
    }
    if (run.size() == 1) {
      push(TokenType::letter, run, false);
    } else {
      push(TokenType::word, run, false);
    }
  }

  static std::string_view known_at(std::string_view run) {
    for (const auto name : functions) {
      const bool starts = run.size() <= name.size() + 2 && run.starts_with(name);
      if (starts && name.size() >= 3 && name != "max" && name != "min" && name != "arg" &&
          name != "exp" && name != "det" && name != "mod") {
        return name;
      }
    }
    if (run.starts_with("ln") && run.size() <= 3) return "ln";
    if (run.starts_with("pi") && run.size() <= 4) return "pi";
    return {};
  }

  std::size_t command(std::string_view text, std::size_t i, bool in_text) {
    std::size_t end = i + 1;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    if (end == i + 1) {
      const std::string_view pair = text.substr(i, 2);
      if (pair == "\\{") brackets_.push_back(text.substr(i + 1));
      if (pair == "\\}" && !brackets_.empty()) brackets_.pop_back();
      if (pair == "\\(" || pair == "\\)" || pair == "\\[" || pair == "\\]") {
        blank_ = true;
      } else if (pair == "\\#" || pair == "\\&" || pair == "\\_") {
        push(TokenType::mark, pair.substr(1), false);
      } else {
        push(TokenType::mark, pair, false);
      }
      return i + pair.size();
    }
    const std::string_view name = text.substr(i + 1, end - i - 1);
    static constexpr std::array<std::string_view, 12> upright = {
        "text",         "mathrm",     "mbox",   "textbf", "textit", "textrm",
        "operatorname", "textnormal", "mathsf", "texttt", "hbox",   "mathit"};
    std::size_t brace = end;
    while (brace < text.size() && text[brace] == ' ') ++brace;
    if (is_one_of(upright, name) && brace < text.size() && text[brace] == '{') {
      const std::size_t close = matching_brace(text, brace);
      if (close == std::string_view::npos) return end;
      const std::string_view inner = text.substr(brace + 1, close - brace - 2);
      const bool digits = inner.size() >= 2 && std::all_of(inner.begin(), inner.end(), [](char c) {
                            return is_ascii_digit(c) || (c >= 'A' && c <= 'Z');
                          });
      if (digits) {
        const std::size_t behind = push_with_index(text, close, inner, false);
        if (behind > close) return behind;
      }
      return upright_text(name, inner), close;
    }
    if (name == "quad" || name == "qquad") {
      push(TokenType::command, "quad", in_text);
    } else if (is_function_name(name)) {
      push(TokenType::name, name, false);
    } else {
      push(TokenType::command, name, in_text);
    }
    return end;
  }

  void upright_text(std::string_view command, std::string_view inner) {
    const std::string_view bare = trim(inner);
    const bool formula = command == "mathrm" || command == "operatorname" || command == "mathit" ||
                         command == "mathsf";
    if (formula && bare.size() == 1) {
      push(TokenType::letter, bare, false);
    } else if (formula && is_function_name(lower(bare))) {
      push(TokenType::name, lower(bare), false);
    } else {
      blank_ = true;
      if (++depth_ <= 4) scan(inner, true);
      --depth_;
    }
  }

  std::string_view text_;
  Commas commas_;
  bool powers_of_ten_;
  Tokens out_;
  std::size_t read_ = 0;  // tokens, words twice
  bool blank_ = false;
  int depth_ = 0;                           // of \text within \text
  std::vector<std::string_view> brackets_;  // the text from each open one on
};

}  // namespace

bool is_function_name(std::string_view name) {
  return is_one_of(functions, name);
}

Tokens tokenize(std::string_view cleaned, Commas commas, bool powers_of_ten) {
  return Lexer(cleaned, commas, powers_of_ten).run();
}

}  // namespace assay::math
