#include "suites/math/equivalence_strings.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

#include "harness/utf8.h"
#include "suites/math/equivalence_compare.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

// What a regular expression calls \w; characters beyond ASCII are letters often enough.
bool is_word(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// The sources index characters, not bytes.
std::string_view first_character(std::string_view text) {
  return text.empty() ? text : text.substr(0, std::max<std::size_t>(1, utf8_length(text)));
}

std::size_t count_characters(std::string_view text) {
  std::size_t count = 0;
  for (; !text.empty(); ++count) text.remove_prefix(first_character(text).size());
  return count;
}

std::vector<std::string_view> split(std::string_view text, std::string_view by) {
  std::vector<std::string_view> parts;
  std::size_t from = 0;
  while (true) {
    const auto at = text.find(by, from);
    parts.push_back(text.substr(from, at == std::string_view::npos ? at : at - from));
    if (at == std::string_view::npos) return parts;
    from = at + by.size();
  }
}

std::string braced(std::string_view inner) {
  return '{' + std::string(inner) + '}';
}

// \frac12 to \frac{1}{2}. Empty: the source asks for a character that is not there.
std::optional<std::string> fix_fractions(const std::string& text) {
  const auto parts = split(text, "\\frac");
  std::string out(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (part.empty()) return std::nullopt;
    out += "\\frac";
    if (part[0] == '{') {
      out += part;
      continue;
    }
    const std::string_view top = first_character(part);
    const std::string_view rest = part.substr(top.size());
    if (rest.empty()) return text;
    const std::string_view bottom = first_character(rest);
    out += braced(top);
    out += bottom == "{" ? std::string(rest)
                         : braced(bottom) + std::string(rest.substr(bottom.size()));
  }
  return out;
}

std::optional<std::string> fix_roots(const std::string& text) {
  const auto parts = split(text, "\\sqrt");
  std::string out(parts[0]);
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string_view part = parts[i];
    if (part.empty()) return std::nullopt;
    const std::string_view inner = first_character(part);
    out += "\\sqrt";
    out +=
        inner == "{" ? std::string(part) : braced(inner) + std::string(part.substr(inner.size()));
  }
  return out;
}

// As Python writes an int: no zeros in front, no "-0".
bool is_plain_integer(std::string_view text) {
  if (text == "0") return true;
  if (text.starts_with('-')) text.remove_prefix(1);
  return !text.empty() && text[0] != '0' && std::all_of(text.begin(), text.end(), is_ascii_digit);
}

std::string fix_slash(const std::string& text) {
  const auto parts = split(text, "/");
  if (parts.size() != 2 || !is_plain_integer(parts[0]) || !is_plain_integer(parts[1])) return text;
  return "\\frac" + braced(parts[0]) + braced(parts[1]);
}

void erase_all(std::string& text, std::string_view what) {
  replace_all(text, what, "");
}

}  // namespace

std::optional<std::string> strip_hendrycks(std::string_view raw) {
  std::string text(raw);
  erase_all(text, "\n");
  erase_all(text, "\\!");
  replace_all(text, "\\\\", "\\");
  replace_all(text, "tfrac", "frac");
  replace_all(text, "dfrac", "frac");
  for (const std::string_view gone : {"\\left", "\\right", "^{\\circ}", "^\\circ", "\\$"})
    erase_all(text, gone);
  if (const auto units = split(text, "\\text{ "); units.size() > 1) {
    if (units.size() != 2) return std::nullopt;
    text = std::string(units[0]);
  }
  erase_all(text, "\\%");
  replace_all(text, " .", " 0.");
  replace_all(text, "{.", "{0.");
  if (text.empty()) return text;
  if (text[0] == '.') text.insert(0, "0");
  if (const auto sides = split(text, "="); sides.size() == 2 && count_characters(sides[0]) <= 2)
    text = std::string(sides[1]);
  auto roots = fix_roots(text);
  if (!roots) return std::nullopt;
  erase_all(*roots, " ");
  auto fractions = fix_fractions(*roots);
  if (!fractions) return std::nullopt;
  if (*fractions == "0.5") return "\\frac{1}{2}";
  return fix_slash(*fractions);
}

Comparison compare_hendrycks(std::string_view gold, std::string_view answer) {
  const auto a = strip_hendrycks(gold);
  const auto b = strip_hendrycks(answer);
  const bool same = a && b ? *a == *b : gold == answer;
  return {same ? Same::yes : Same::no,
          same ? "equal strings after normalisation" : "different strings after normalisation"};
}

std::string key_hendrycks(std::string_view answer) {
  return strip_hendrycks(answer).value_or(std::string(answer));
}

namespace {

// Unit words and other names that fall away wherever they stand.
constexpr std::array<std::string_view, 26> minerva_words = {
    "square",   "ways",    "integers", "dollars",  "mph",
    "inches",   "ft",      "hours",    "km",       "units",
    "sue",      "points",  "feet",     "minutes",  "digits",
    "cents",    "degrees", "cm",       "gm",       "pounds",
    "meters",   "meals",   "edges",    "students", "childrentickets",
    "multiples"};
constexpr std::array<std::string_view, 16> minerva_marks = {
    "\\ldots",    "\\text{s}", "\\text{.}",    "\\text{\ns}", "\\text{}^2", "\\text{}^3",
    "\\text{\n}", "\\text{}",  "\\mathrm{th}", "^\\circ",     "^{\\circ}",  "\\;",
    ",\\!",       "{,}",       "\"",           "\\dots"};

// A word with no letter, digit or backslash before it and no letter or digit behind.
void erase_words(std::string& text, std::string_view word) {
  for (std::size_t at = 0; (at = text.find(word, at)) != std::string::npos;) {
    const std::size_t end = at + word.size();
    const bool alone = (at == 0 || (!is_word(text[at - 1]) && text[at - 1] != '\\')) &&
                       (end == text.size() || !is_word(text[end]));
    if (alone) {
      text.erase(at, word.size());
    } else {
      ++at;
    }
  }
}

// Everywhere but in the names of commands.
void erase_outside_commands(std::string& text, std::string_view word) {
  if (text.find(word) == std::string::npos) return;
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    if (text[i] == '\\') {
      ++end;
      while (end < text.size() && is_ascii_letter(text[end])) ++end;
      out.append(text, i, end - i);
      i = end;
      continue;
    }
    while (end < text.size() && text[end] != '\\') ++end;
    std::string segment = text.substr(i, end - i);
    erase_all(segment, word);
    out += segment;
    i = end;
  }
  text = std::move(out);
}

// Each line that has a formula between dollars becomes its first formula.
void keep_formula(std::string& text) {
  std::string out;
  for (const std::string_view line : split(text, "\n")) {
    const auto parts = split(line, "$");
    if (!out.empty() || line.data() != text.data()) out += '\n';
    out += parts.size() < 3 ? std::string(line) : '$' + std::string(parts[1]) + '$';
  }
  text = std::move(out);
}

// "\text{abc}" to "abc", for the first closing brace of the line; for boxes, the last.
void unwrap_command(std::string& text, std::string_view open, bool to_last_brace) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find(open, from)) != std::string::npos;) {
    const std::size_t inner = at + open.size();
    const std::string_view line =
        std::string_view(text).substr(inner, text.find('\n', inner) - inner);
    const std::size_t close = to_last_brace ? line.rfind('}') : line.find('}');
    const bool closed = close != std::string_view::npos;
    out.append(text, from, (closed ? at : inner) - from);
    if (closed) out += line.substr(0, close);
    from = closed ? inner + close + 1 : inner;
  }
  text = out.append(text, std::min(from, text.size()));
}

// \fracab to \frac{a}{b}, \sqrta to \sqrt{a}, \sqrt[3]a to \sqrt[3]{a}.
void brace_shorthand(std::string& text, std::string_view name) {
  std::string out;
  std::size_t from = 0;
  for (std::size_t at = 0; (at = text.find(name, from)) != std::string::npos;) {
    const std::size_t behind = at + name.size();
    const std::string_view one = first_character(std::string_view(text).substr(behind));
    out.append(text, from, behind - from);
    from = behind;
    if (one.empty() || one == "{") continue;
    if (name == "sqrt") {
      if (one == "[") continue;
      out += braced(one);
      from += one.size();
      continue;
    }
    const std::string_view two =
        first_character(std::string_view(text).substr(behind + one.size()));
    if (two.empty() || two == "\n") continue;
    out += braced(one) + braced(two);
    from += one.size() + two.size();
  }
  text = out.append(text, from);
}

void brace_indexed_roots(std::string& text) {
  for (std::size_t at = 0; (at = text.find("sqrt[", at)) != std::string::npos; ++at) {
    const std::size_t close = text.find(']', at);
    if (close == std::string::npos || close + 1 >= text.size() || !is_word(text[close + 1]))
      continue;
    const auto inner = first_character(std::string_view(text).substr(close + 1));
    text.replace(close + 1, inner.size(), braced(inner));
  }
}

// 1,234,567 and nothing else.
bool is_grouped_number(std::string_view text) {
  if (text.starts_with('-')) text.remove_prefix(1);
  const auto groups = split(text, ",");
  if (groups.size() < 2 || groups[0].empty() || groups[0].size() > 3) return false;
  return std::all_of(groups.begin(), groups.end(), [&](std::string_view group) {
    return std::all_of(group.begin(), group.end(), is_ascii_digit) &&
           (group.data() == groups[0].data() || group.size() == 3);
  });
}

// The source's LaTeX parser knows no constants but infinity: pi, e and i are letters to it.
Node without_constants(Node node) {
  if (node.kind == Kind::constant) return make_symbol(node.name);
  for (Node& child : node.children) child = without_constants(std::move(child));
  return node;
}

// Where the source's parser stops reading: at a comma that separates no thousands.
std::size_t end_of_formula(std::string_view text) {
  for (std::size_t at = 0; (at = text.find(',', at)) != std::string_view::npos; ++at) {
    std::size_t digits = 0;
    while (at + 1 + digits < text.size() && is_ascii_digit(text[at + 1 + digits])) ++digits;
    if (at == 0 || !is_ascii_digit(text[at - 1]) || digits != 3) return at;
  }
  return text.size();
}

// Numbers that its parser does not know: ".5", "6.02e23", and characters beyond ASCII.
bool has_other_notation(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char before = i > 0 ? text[i - 1] : ' ';
    const bool point = text[i] == '.' && !is_ascii_digit(before);
    const bool exponent = (text[i] == 'e' || text[i] == 'E') && is_ascii_digit(before);
    if (point || exponent || static_cast<unsigned char>(text[i]) >= 0x80) return true;
  }
  return false;
}

// What the source reads of a normalised text: the first formula, and 1\frac{1}{2} as a product.
std::optional<Node> read_minerva(std::string_view text) {
  std::string plain(text.substr(0, end_of_formula(text)));
  if (has_other_notation(plain)) return std::nullopt;
  for (char digit = '0'; digit <= '9'; ++digit)
    replace_all(plain, digit + std::string("\\frac"), digit + std::string("\\cdot\\frac"));
  const ReadAnswer read = read_answer(trim(clean(plain)), {});
  const bool formula =
      read.problem.empty() && read.node.kind <= Kind::call && read.node.kind != Kind::infinity &&
      !contains(read.node, [](const Node& n) {
        return n.kind > Kind::call || (n.kind == Kind::call && n.name == "percent");
      });
  if (!formula) return std::nullopt;
  return without_constants(read.node);
}

}  // namespace

std::string strip_minerva(std::string_view raw) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 10> substitutions = {
      {{"an ", ""},
       {"a ", ""},
       {".$", "$"},
       {"\\$", ""},
       {"\\ ", ""},
       {" ", ""},
       {"mbox", "text"},
       {",\\text{and}", ","},
       {"\\text{and}", ","},
       {"\\text{m}", "\\text{}"}}};
  std::string text(raw);
  if (const auto equals = text.rfind('='); equals != std::string::npos) text.erase(0, equals + 1);
  for (const std::string_view word : minerva_words) erase_words(text, word);
  for (const auto& [from, to] : substitutions) replace_all(text, from, to);
  // The source's one list has the words first but for "sue" and what follows; none contains
  // another.
  for (const std::string_view word : minerva_words) erase_outside_commands(text, word);
  for (const std::string_view mark : minerva_marks) erase_all(text, mark);
  keep_formula(text);
  for (const std::string_view command : {"\\text{", "\\textbf{", "\\overline{"})
    unwrap_command(text, command, false);
  unwrap_command(text, "\\boxed{", true);
  brace_shorthand(text, "frac");
  brace_indexed_roots(text);
  brace_shorthand(text, "sqrt");
  erase_all(text, "$");
  if (is_grouped_number(text)) erase_all(text, ",");
  return text;
}

Comparison compare_minerva(std::string_view gold, std::string_view answer, Budget& budget) {
  const std::string a = strip_minerva(gold);
  const std::string b = strip_minerva(answer);
  if (a == b && !a.empty()) return {Same::yes, "equal strings after normalisation"};
  const auto x = read_minerva(a);
  const auto y = read_minerva(b);
  if (!x || !y) return {Same::no, "different strings after normalisation"};
  // Reading them was not free either.
  constexpr std::int64_t reading_max_ns = 220'000;
  budget.spend(std::min(reading_max_ns, 800 * (count_nodes(*x) + count_nodes(*y))));
  return compare_values(*x, *y, budget);
}

std::string key_minerva(std::string_view answer, Budget& budget) {
  const std::string text = strip_minerva(answer);
  const auto node = read_minerva(text);
  return node ? value_key(*node, budget) : text;
}

}  // namespace assay::math
