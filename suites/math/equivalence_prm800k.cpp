// openai/prm800k's grader: mathd strings, then its own normalisation by way of a converter of LaTeX
// to characters, then element by element, literal or by values.
#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <set>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "harness/utf8.h"
#include "suites/math/equivalence_strings.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

constexpr int groups_max = 64;
// Read by the converter, where each fraction without its second argument is read twice.
constexpr std::size_t pieces_max = 2 * length_max;
constexpr std::size_t unknowns_max = 2;

// What the converter writes for a command. What is not here falls away, its arguments' braces too.
constexpr std::array<std::pair<std::string_view, std::string_view>, 93> characters = {
    {{"alpha", "α"},       {"beta", "β"},       {"gamma", "γ"},       {"delta", "δ"},
     {"epsilon", "ϵ"},     {"varepsilon", "ε"}, {"zeta", "ζ"},        {"eta", "η"},
     {"theta", "θ"},       {"lambda", "λ"},     {"mu", "μ"},          {"nu", "ν"},
     {"xi", "ξ"},          {"rho", "ρ"},        {"sigma", "σ"},       {"tau", "τ"},
     {"phi", "ϕ"},         {"varphi", "φ"},     {"chi", "χ"},         {"psi", "ψ"},
     {"omega", "ω"},       {"Gamma", "Γ"},      {"Delta", "Δ"},       {"Theta", "Θ"},
     {"Lambda", "Λ"},      {"Pi", "Π"},         {"Sigma", "Σ"},       {"Phi", "Φ"},
     {"Psi", "Ψ"},         {"Omega", "Ω"},      {"pi", "π"},          {"cdot", "·"},
     {"times", "×"},       {"div", "÷"},        {"pm", "±"},          {"mp", "∓"},
     {"le", "≤"},          {"leq", "≤"},        {"ge", "≥"},          {"geq", "≥"},
     {"neq", "≠"},         {"infty", "∞"},      {"cup", "∪"},         {"cap", "∩"},
     {"in", "∈"},          {"notin", "∉"},      {"emptyset", "∅"},    {"varnothing", "∅"},
     {"to", "→"},          {"rightarrow", "→"}, {"Rightarrow", "⇒"},  {"approx", "≈"},
     {"equiv", "≡"},       {"sim", "∼"},        {"ldots", "…"},       {"dots", "…"},
     {"cdots", "⋯"},       {"quad", "  "},      {"qquad", "    "},    {"langle", "⟨"},
     {"rangle", "⟩"},      {"lfloor", "⌊"},     {"rfloor", "⌋"},      {"lceil", "⌈"},
     {"rceil", "⌉"},       {"sin", "sin"},      {"cos", "cos"},       {"tan", "tan"},
     {"cot", "cot"},       {"sec", "sec"},      {"csc", "csc"},       {"log", "log"},
     {"ln", "ln"},         {"exp", "exp"},      {"arcsin", "arcsin"}, {"arccos", "arccos"},
     {"arctan", "arctan"}, {"max", "max"},      {"min", "min"},       {"lim", "lim"},
     {"circ", "∘"},        {"prime", "'"},      {"angle", "∠"},       {"sum", "∑"},
     {"prod", "∏"},        {"int", "∫"},        {"mid", "|"},         {"vert", "|"},
     {"lvert", "|"},       {"rvert", "|"},      {"setminus", "∖"},    {"subset", "⊂"},
     {"ell", "ℓ"}}};
// Arguments of these are dropped.
constexpr std::array<std::string_view, 5> swallowing = {"mbox", "hspace", "vspace", "label",
                                                        "color"};

class Converter {
 public:
  explicit Converter(std::string_view text) : text_(text) {}

  std::optional<std::string> run() {
    std::string out = content(false);
    return failed_ ? std::nullopt : std::optional(std::move(out));
  }

 private:
  // Up to the closing brace of a group, or to the end.
  std::string content(bool group) {
    std::string out;
    if (++depth_ > groups_max) failed_ = true;
    while (at_ < text_.size() && !failed_) {
      failed_ = ++pieces_ > pieces_max;
      const char c = text_[at_];
      if (c == '}') {
        ++at_;
        if (group) break;
      } else if (c == '%') {
        at_ = std::min(text_.find('\n', at_), text_.size());
      } else {
        out += piece();
      }
    }
    --depth_;
    return out;
  }

  std::string piece() {
    const std::string_view rest = text_.substr(at_);
    static constexpr std::array<std::pair<std::string_view, std::string_view>, 7> ligatures = {
        {{"---", "—"},
         {"--", "–"},
         {"``", "“"},
         {"''", "”"},
         {"!`", "¡"},
         {"?`", "¿"},
         {"~", " "}}};
    for (const auto& [from, to] : ligatures) {
      if (!rest.starts_with(from)) continue;
      at_ += from.size();
      return std::string(to);
    }
    if (rest[0] == '{') {
      ++at_;
      return content(true);
    }
    if (rest[0] == '$') {
      ++at_;
      return {};
    }
    if (rest[0] == '\\') return command();
    ++at_;
    return std::string(1, rest[0]);
  }

  std::string command() {
    ++at_;
    std::size_t end = at_;
    while (end < text_.size() && is_ascii_letter(text_[end])) ++end;
    const std::string_view name = text_.substr(at_, end - at_);
    if (name.empty()) return symbol();
    at_ = end;
    while (at_ < text_.size() && text_[at_] == ' ') ++at_;
    if (name == "frac" || name == "nicefrac") return fraction();
    if (name == "sqrt") {
      if (at_ < text_.size() && text_[at_] == '[')
        at_ = std::min(text_.find(']', at_), text_.size() - 1) + 1;
      const auto radicand = argument();
      if (!radicand) failed_ = true;
      return "√(" + radicand.value_or("") + ")";
    }
    if (name == "begin") return environment();
    if (std::find(swallowing.begin(), swallowing.end(), name) != swallowing.end()) {
      argument();
      return {};
    }
    for (const auto& [known, character] : characters) {
      if (known == name) return std::string(character);
    }
    return {};
  }

  // "\,", "\{", "\\" ...
  std::string symbol() {
    if (at_ >= text_.size()) return {};
    const char c = text_[at_++];
    static constexpr std::string_view blanks = ",;: ";
    static constexpr std::string_view themselves = "{}$%#&_";
    if (c == '\\') return "\n";
    if (blanks.find(c) != std::string_view::npos) return " ";
    return themselves.find(c) != std::string_view::npos ? std::string(1, c) : std::string();
  }

  // A group, a command or one character. Empty at the end of the text or of a group.
  std::optional<std::string> argument() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\n')) ++at_;
    if (at_ >= text_.size() || text_[at_] == '}') return std::nullopt;
    if (text_[at_] == '{') {
      ++at_;
      return content(true);
    }
    if (text_[at_] == '\\') {
      // A command as an argument takes no arguments of its own.
      std::size_t end = at_ + 1;
      while (end < text_.size() && is_ascii_letter(text_[end])) ++end;
      const std::string_view name = text_.substr(at_ + 1, end - at_ - 1);
      if (name == "frac" || name == "sqrt") {
        at_ = end;
        return name == "frac" ? "%s/%s" : "√(%(2)s)";
      }
      return command();
    }
    const std::size_t n = std::max<std::size_t>(1, utf8_length(text_.substr(at_)));
    at_ += n;
    return std::string(text_.substr(at_ - n, n));
  }

  std::string fraction() {
    const std::size_t start = at_;
    const auto top = argument();
    const auto bottom = top ? argument() : std::nullopt;
    if (top && bottom) return *top + "/" + *bottom;
    // The converter's pattern stays as it is, and what stood there follows it.
    at_ = start;
    return "%s/%s";
  }

  // Matrices become "[ 1 2; 3 4 ]"; of others the inside is kept.
  std::string environment() {
    const auto name = argument().value_or("");
    const bool matrix = name == "array" || name.ends_with("matrix");
    if (name == "array") argument();
    const std::string close = "\\end{" + name + "}";
    const std::size_t end = std::min(text_.find(close, at_), text_.size());
    Converter inside(text_.substr(at_, end - at_));
    inside.depth_ = depth_ + 1;
    inside.pieces_ = pieces_;
    std::string out = inside.content(false);
    pieces_ = inside.pieces_;
    failed_ = failed_ || inside.failed_ || depth_ > groups_max;
    at_ = std::min(end + close.size(), text_.size());
    if (!matrix) return out;
    replace_all(out, "\n", ";");
    replace_all(out, "&", " ");
    return "[ " + out + " ]";
  }

  std::string_view text_;
  std::size_t at_ = 0;
  int depth_ = 0;
  std::size_t pieces_ = 0;
  bool failed_ = false;
};

// Python's float(), for what can be an answer.
std::optional<double> to_float(std::string_view text) {
  text = trim(text);
  if (text.starts_with('+')) text.remove_prefix(1);
  if (text.empty() || (!is_ascii_digit(text.back()) && text.back() != '.')) return std::nullopt;
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return value;
}

bool is_near_integer(double value) {
  return std::isfinite(value) && std::fabs(value - std::nearbyint(value)) <= 1e-7;
}

// Drops the commas of 1,234,567: a digit before, three digits and no fourth behind.
std::string without_thousands(std::string text) {
  for (std::size_t at = 0; (at = text.find(',', at)) != std::string::npos;) {
    std::size_t digits = 0;
    while (at + 1 + digits < text.size() && is_ascii_digit(text[at + 1 + digits])) ++digits;
    const bool group = at > 0 && is_ascii_digit(text[at - 1]) && digits == 3;
    if (group) {
      text.erase(at, 1);
    } else {
      ++at;
    }
  }
  return text;
}

bool is_integer(const std::string& text) {
  const auto value = to_float(without_thousands(text));
  return value && is_near_integer(*value);
}

// "cm", "cms", "inches", "cm^2"
void erase_unit(std::string& text, std::string_view unit) {
  for (std::size_t at = 0; (at = text.find(unit, at)) != std::string::npos;) {
    std::size_t end = at + unit.size();
    if (text.compare(end, 2, "es") == 0) end += 2;
    if (end < text.size() && text[end] == 's') ++end;
    while (end < text.size() && text[end] == ' ') ++end;
    if (end + 1 < text.size() && text[end] == '^' && is_ascii_digit(text[end + 1])) {
      ++end;
      while (end < text.size() && is_ascii_digit(text[end])) ++end;
    }
    text.erase(at, end - at);
  }
}

// "^ \circ" and ",\! ": a mark, blanks, another mark.
void erase_with_blanks(std::string& text, std::string_view first, std::string_view second) {
  for (std::size_t at = 0; (at = text.find(first, at)) != std::string::npos;) {
    std::size_t end = at + first.size();
    while (end < text.size() && text[end] == ' ') ++end;
    if (std::string_view(text).substr(end).starts_with(second)) {
      text.erase(at, end + second.size() - at);
    } else {
      at += first.size();
    }
  }
}

// \text{abc} as a whole to abc.
std::string_view without_text(std::string_view text) {
  constexpr std::string_view open = "\\text{";
  const bool enclosed = text.size() > open.size() + 1 && text.starts_with(open) &&
                        text.ends_with('}') && text.find('\n') == std::string_view::npos;
  return enclosed ? text.substr(open.size(), text.size() - open.size() - 1) : text;
}

std::string strip_mathd(std::string_view text) {
  text = trim(text);
  const std::string_view inner = without_text(text);
  if (inner.size() != text.size()) text = trim(inner);
  return strip_hendrycks(text).value_or(std::string(text));
}

std::string to_plain(std::string text) {
  replace_all(text, "\\tfrac", "\\frac");
  replace_all(text, "\\dfrac", "\\frac");
  replace_all(text, "\\frac", " \\frac");
  const auto converted = latex_to_text(text);
  if (!converted) return text;
  text = *converted;
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 6> plain = {
      {{"√", "sqrt"}, {"π", "pi"}, {"∞", "inf"}, {"∪", "U"}, {"·", "*"}, {"×", "*"}}};
  for (const auto& [from, to] : plain) replace_all(text, from, to);
  return std::string(trim(text));
}

void erase_blanks_behind_minus(std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c != ' ' || out.empty() || out.back() != '-') out += c;
  }
  text = std::move(out);
}

// "7 3/4" to "7+3/4", then no blanks at all.
void join_mixed_numbers(std::string& text) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != ' ') {
      out += text[i];
      continue;
    }
    std::size_t end = i;
    while (end < text.size() && text[end] == ' ') ++end;
    if (i > 0 && end < text.size() && is_ascii_digit(text[i - 1]) && is_ascii_digit(text[end]))
      out += '+';
    i = end - 1;
  }
  text = std::move(out);
}

std::string normalize_prm800k(std::string_view raw) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 9> replaced = {
      {{"\\%", "%"},
       {"\\$", "$"},
       {"$", ""},
       {"%", ""},
       {" or ", " , "},
       {" and ", " , "},
       {"million", "*10^6"},
       {"billion", "*10^9"},
       {"trillion", "*10^12"}}};
  static constexpr std::array<std::string_view, 16> units = {
      "degree", "cm",   "centimeter", "meter", "mile", "second", "minute", "hour",
      "day",    "week", "month",      "year",  "foot", "feet",   "inch",   "yard"};
  std::string text(without_text(raw));
  for (const auto& [from, to] : replaced) replace_all(text, from, to);
  for (const std::string_view unit : units) erase_unit(text, unit);
  erase_with_blanks(text, "^", "\\circ");
  if (text.size() > 1 && text.front() == '{' && text.back() == '}')
    text = text.substr(1, text.size() - 2);
  erase_with_blanks(text, ",\\!", "");
  if (const auto value = to_float(text); value && is_near_integer(*value))
    text = fmt::format("{:.0f}", *value);
  if (text.find('\\') != std::string::npos) text = to_plain(std::move(text));
  erase_blanks_behind_minus(text);
  join_mixed_numbers(text);
  std::erase_if(text, [](char c) { return c == '{' || c == '}'; });
  text = lower(text);
  if (is_integer(text)) {
    std::erase(text, ',');
    if (const auto value = to_float(text)) text = fmt::format("{:.0f}", std::trunc(*value));
  }
  return text;
}

// Members of a tuple or interval without brackets inside; else the whole.
std::vector<std::string> members(const std::string& normalized) {
  const std::string text = without_thousands(normalized);
  if (text.empty()) return {};
  constexpr std::string_view brackets = "()[]";
  const bool enclosed = text.size() > 2 && brackets.find(text.front()) != std::string_view::npos &&
                        brackets.find(text.back()) != std::string_view::npos &&
                        text.find_first_of(brackets, 1) == text.size() - 1;
  if (!enclosed) return {text};
  std::vector<std::string> parts;
  for (std::size_t from = 1; from < text.size();) {
    const std::size_t to = std::min(text.find(',', from), text.size() - 1);
    parts.emplace_back(trim(std::string_view(text).substr(from, to - from)));
    from = to + 1;
  }
  return parts;
}

// -?[0-9]+.?/0*[1-9][0-9]*.?
bool is_fraction(const std::string& text) {
  const auto slash = text.find('/');
  if (slash == std::string::npos) return false;
  const auto digits = [](std::string_view side) {
    return std::find_if_not(side.begin(), side.end(), is_ascii_digit) - side.begin();
  };
  std::string_view top = std::string_view(text).substr(0, slash);
  if (top.starts_with('-')) top.remove_prefix(1);
  const std::string_view bottom = std::string_view(text).substr(slash + 1);
  const auto above = static_cast<std::size_t>(digits(top));
  const auto below = static_cast<std::size_t>(digits(bottom));
  const auto one_more = [](std::string_view side, std::size_t used) {
    return side.size() == used ||
           std::max<std::size_t>(1, utf8_length(side.substr(used))) + used == side.size();
  };
  return above > 0 && one_more(top, above) && one_more(bottom, below) &&
         bottom.substr(0, below).find_first_not_of('0') != std::string_view::npos;
}

// Whether the grader dares to hand both to its algebra system: few unknowns, no large powers.
bool may_be_evaluated(const std::string& gold, const std::string& answer) {
  std::string both = "(" + gold + ")-(" + answer + ")";
  for (std::size_t at = 0; (at = both.find('^', at)) != std::string::npos; ++at) {
    const std::string_view power = std::string_view(both).substr(at + 1);
    const auto digits = static_cast<std::size_t>(
        std::find_if_not(power.begin(), power.end(), is_ascii_digit) - power.begin());
    if (power.starts_with('(') || power.starts_with('{') || digits > 1 ||
        (digits == 1 && power.substr(1).starts_with('^')))
      return false;
  }
  replace_all(both, "sqrt", "");
  replace_all(both, "frac", "");
  std::set<std::string_view> letters;
  for (std::string_view rest = both; !rest.empty();) {
    const std::size_t n = std::max<std::size_t>(1, utf8_length(rest));
    if (is_ascii_letter(rest[0]) || n > 1) letters.insert(rest.substr(0, n));
    rest.remove_prefix(n);
  }
  return letters.size() <= unknowns_max;
}

// A formula in the algebra system's own plain notation, which is Python's: 52_8 is 528, "x+1." ends
// in a number with a point, and x(x+1) calls a function x, of which nothing is known.
std::optional<Node> read_plain(std::string_view text) {
  constexpr std::string_view marks = "+-*/^().!_ ";
  std::string plain;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    const auto byte = static_cast<unsigned char>(c);
    const bool greek = byte == 0xCE || byte == 0xCF;
    if (greek && i + 1 < text.size()) {
      plain += c;
      plain += text[++i];
      continue;
    }
    if (!is_ascii_digit(c) && !is_ascii_letter(c) && marks.find(c) == std::string_view::npos)
      return std::nullopt;
    const char before = i > 0 ? text[i - 1] : ' ';
    const char behind = i + 1 < text.size() ? text[i + 1] : ' ';
    if (c == '_' && is_ascii_digit(before) && is_ascii_digit(behind)) continue;
    if (c == '.' && is_ascii_digit(before) && !is_ascii_digit(behind) && !plain.ends_with('.')) {
      const auto number = plain.find_last_not_of("0123456789");
      if (number != std::string::npos && (plain[number] == '.' || plain[number] == '^'))
        return std::nullopt;
      continue;
    }
    const std::string_view so_far = text.substr(0, i);
    if (c == '(' && is_ascii_letter(before) && !so_far.ends_with("sqrt") && !so_far.ends_with("pi"))
      return std::nullopt;
    if (c == '(' && is_ascii_digit(before)) plain += '*';
    plain += c;
  }
  const Parsed parsed = parse(clean(plain), {});
  if (!parsed.node) return std::nullopt;
  // The system knows pi; e and i are letters like others.
  const auto as_letters = [](auto&& self, Node node) -> Node {
    if (node.kind == Kind::constant && node.name != "pi") return make_symbol(node.name);
    for (Node& child : node.children) child = self(self, std::move(child));
    return node;
  };
  const bool formula = !contains(
      *parsed.node, [](const Node& n) { return n.kind > Kind::call || n.kind == Kind::infinity; });
  if (!formula) return std::nullopt;
  return as_letters(as_letters, *parsed.node);
}

Comparison compare_member(const std::string& gold, const std::string& answer, Budget& budget) {
  if (is_fraction(gold) && is_fraction(answer)) {
    const bool same = gold == answer;
    return {same ? Same::yes : Same::no,
            same ? "the same fraction" : "fractions that are not written alike"};
  }
  if (is_integer(gold) != is_integer(answer))
    return {Same::no, "an integer here, another form there"};
  if (!may_be_evaluated(gold, answer))
    return {Same::no, "other strings, and too many unknowns or too large a power to evaluate"};
  const auto x = read_plain(gold);
  const auto y = x ? read_plain(answer) : std::nullopt;
  if (!x || !y) return {Same::no, "different strings"};
  if (gold.find('.') != std::string::npos || answer.find('.') != std::string::npos) {
    // A number with a point is a binary one there, of 53 bits.
    const auto a = approximate(*x, budget);
    const auto b = approximate(*y, budget);
    if (a && b && *a == *b) return {Same::yes, "the same floating-point value"};
  }
  return compare_values(*x, *y, budget);
}

}  // namespace

std::optional<std::string> latex_to_text(std::string_view latex) {
  return Converter(latex).run();
}

Comparison compare_prm800k(std::string_view gold, std::string_view answer, Budget& budget) {
  if (strip_mathd(gold) == strip_mathd(answer))
    return {Same::yes, "equal strings after mathd's normalisation"};
  const std::string a = normalize_prm800k(gold);
  const std::string b = normalize_prm800k(answer);
  if (a == b) return {Same::yes, "equal strings after normalisation"};
  if (b.empty()) return {Same::no, "an empty answer"};
  const auto x = members(a);
  const auto y = members(b);
  if (x.size() > 1 && (a.front() != b.front() || a.back() != b.back()))
    return {Same::no, "different brackets"};
  if (x.size() != y.size()) return {Same::no, "different numbers of members"};
  Comparison all{Same::no, "nothing to compare"};
  for (std::size_t i = 0; i < x.size(); ++i) {
    all = compare_member(x[i], y[i], budget);
    if (all.same != Same::yes) return all;
  }
  return all;
}

std::string key_prm800k(std::string_view answer, Budget& budget) {
  const std::string text = normalize_prm800k(strip_mathd(answer));
  const auto parts = members(text);
  std::string key;
  for (const std::string& part : parts) {
    const auto node =
        is_integer(part) || !may_be_evaluated(part, part) ? std::nullopt : read_plain(part);
    key += (key.empty() ? "" : ",") + (node ? "=" + value_key(*node, budget) : part);
  }
  return parts.size() < 2 ? key : text.front() + key + text.back();
}

}  // namespace assay::math
