#include "suites/math/equivalence_strings.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read.h"

namespace assay::math {
namespace {

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

std::vector<std::string> split(const std::string& text, std::string_view by) {
  std::vector<std::string> parts;
  std::size_t from = 0;
  while (true) {
    const auto at = text.find(by, from);
    parts.push_back(text.substr(from, at - from));
    if (at == std::string::npos) return parts;
    from = at + by.size();
  }
}

// \frac12 to \frac{1}{2}, character by character as the source has it.
std::string fix_fractions(const std::string& text) {
  const auto parts = split(text, "\\frac");
  std::string out = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    out += "\\frac";
    if (!part.empty() && part[0] == '{') {
      out += part;
      continue;
    }
    if (part.size() < 2) return text;
    out += std::string("{") + part[0] + "}";
    out += part[1] == '{' ? part.substr(1) : std::string("{") + part[1] + "}" + part.substr(2);
  }
  return out;
}

std::string fix_roots(const std::string& text) {
  const auto parts = split(text, "\\sqrt");
  std::string out = parts[0];
  for (std::size_t i = 1; i < parts.size(); ++i) {
    const std::string& part = parts[i];
    if (part.empty()) return text;
    out +=
        part[0] == '{' ? "\\sqrt" + part : std::string("\\sqrt{") + part[0] + "}" + part.substr(1);
  }
  return out;
}

bool is_plain_integer(const std::string& text) {
  const std::size_t from = !text.empty() && text[0] == '-' ? 1 : 0;
  if (from == text.size()) return false;
  if (text[from] == '0' && text.size() > from + 1) return false;
  return std::all_of(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(), is_digit);
}

std::string fix_slash(const std::string& text) {
  const auto parts = split(text, "/");
  if (parts.size() != 2 || !is_plain_integer(parts[0]) || !is_plain_integer(parts[1])) return text;
  return "\\frac{" + parts[0] + "}{" + parts[1] + "}";
}

void erase_all(std::string& text, std::string_view what) {
  replace_all(text, what, "");
}

Node read(std::string_view text) {
  return read_answer(trim(clean(text)), {}).node;
}

}  // namespace

std::string strip_hendrycks(std::string_view raw) {
  std::string text(raw);
  erase_all(text, "\n");
  erase_all(text, "\\!");
  replace_all(text, "\\\\", "\\");
  replace_all(text, "tfrac", "frac");
  replace_all(text, "dfrac", "frac");
  for (const std::string_view gone : {"\\left", "\\right", "^{\\circ}", "^\\circ", "\\$"})
    erase_all(text, gone);
  if (const auto units = text.find("\\text{ "); units != std::string::npos) {
    // The source refuses more than one unit and then compares what was written.
    if (split(text, "\\text{ ").size() != 2) return std::string(raw);
    text.resize(units);
  }
  erase_all(text, "\\%");
  replace_all(text, " .", " 0.");
  replace_all(text, "{.", "{0.");
  if (text.empty()) return text;
  if (text[0] == '.') text.insert(0, "0");
  const auto sides = split(text, "=");
  if (sides.size() == 2 && sides[0].size() <= 2) text = sides[1];
  text = fix_roots(text);
  erase_all(text, " ");
  text = fix_fractions(text);
  if (text == "0.5") text = "\\frac{1}{2}";
  return fix_slash(text);
}

Comparison compare_hendrycks(std::string_view gold, std::string_view answer) {
  const bool same = strip_hendrycks(gold) == strip_hendrycks(answer);
  return {same ? Same::yes : Same::no,
          same ? "equal strings after normalisation" : "different strings after normalisation"};
}

namespace {

// "\text{abc}" to "abc", for the first closing brace, as a lazy expression matches.
void unwrap_command(std::string& text, std::string_view command) {
  const std::string open = "\\" + std::string(command) + "{";
  std::size_t at = 0;
  while ((at = text.find(open, at)) != std::string::npos) {
    const auto close = text.find('}', at);
    if (close == std::string::npos) return;
    text.erase(close, 1);
    text.erase(at, open.size());
  }
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
  static constexpr std::array<std::string_view, 44> removed = {"square",       "ways",
                                                               "integers",     "dollars",
                                                               "mph",          "inches",
                                                               "ft",           "hours",
                                                               "km",           "units",
                                                               "\\ldots",      "sue",
                                                               "points",       "feet",
                                                               "minutes",      "digits",
                                                               "cents",        "degrees",
                                                               "cm",           "gm",
                                                               "pounds",       "meters",
                                                               "meals",        "edges",
                                                               "students",     "childrentickets",
                                                               "multiples",    "\\text{s}",
                                                               "\\text{.}",    "\\text{\ns}",
                                                               "\\text{}^2",   "\\text{}^3",
                                                               "\\text{\n}",   "\\text{}",
                                                               "\\mathrm{th}", "^\\circ",
                                                               "^{\\circ}",    "\\;",
                                                               ",\\!",         "{,}",
                                                               "\"",           "\\dots",
                                                               "\\!",          "\\,"};
  std::string text(raw);
  if (const auto equals = text.rfind('='); equals != std::string::npos) text.erase(0, equals + 1);
  for (const auto& [from, to] : substitutions) replace_all(text, from, to);
  for (const std::string_view gone : removed) erase_all(text, gone);
  for (const std::string_view command : {"text", "textbf", "overline", "boxed"})
    unwrap_command(text, command);
  erase_all(text, "$");
  text = fix_fractions(text);
  text = fix_roots(text);
  std::string digits = text;
  erase_all(digits, ",");
  const bool number = !digits.empty() && std::all_of(digits.begin(), digits.end(), is_digit);
  return number ? digits : text;
}

Comparison compare_minerva(std::string_view gold, std::string_view answer, const Policy& policy,
                           Budget& budget) {
  const std::string a = strip_minerva(gold);
  const std::string b = strip_minerva(answer);
  if (a == b) return {Same::yes, "equal strings after normalisation"};
  const Node x = read(a);
  const Node y = read(b);
  if (x.kind == Kind::text || y.kind == Kind::text)
    return {Same::no, "different strings after normalisation"};
  return Comparer(policy, budget).compare(x, y);
}

namespace {

bool is_whole(const Node& node) {
  const Node& bare = node.kind == Kind::negate ? node.children[0] : node;
  return bare.kind == Kind::number && denominator(bare.number) == 1;
}

bool is_fraction(const Node& node) {
  const Node& bare = node.kind == Kind::negate ? node.children[0] : node;
  return bare.kind == Kind::divide && is_whole(bare.children[0]) && is_whole(bare.children[1]);
}

// The grader's own normalisation, as far as it works on strings.
std::string strip_prm800k(std::string_view raw) {
  std::string text(trim(raw));
  if (text.starts_with("\\text{") && text.ends_with("}")) text = text.substr(6, text.size() - 7);
  for (const std::string_view gone : {"\\%", "\\$", "$", "%"}) erase_all(text, gone);
  replace_all(text, " or ", " , ");
  replace_all(text, " and ", " , ");
  for (const std::string_view gone : {",\\! ", ",\\!", "\\left", "\\right"}) erase_all(text, gone);
  for (const std::string_view unit :
       {"degree", "centimeter", "cm", "meter", "mile", "second", "minute", "hour", "day", "week",
        "month", "year", "foot", "feet", "inch", "yard"}) {
    const std::string word(unit);
    erase_all(text, word + "es");
    erase_all(text, word + "s");
    erase_all(text, word);
  }
  erase_all(text, "^{\\circ}");
  erase_all(text, "^\\circ");
  replace_all(text, "dfrac", "frac");
  replace_all(text, "tfrac", "frac");
  erase_all(text, " ");
  erase_all(text, "{");
  erase_all(text, "}");
  return lower(text);
}

// A power of two or more digits is never evaluated by the grader.
bool has_large_power(const std::string& stripped) {
  for (std::size_t i = 0; i + 2 < stripped.size(); ++i) {
    if (stripped[i] == '^' && is_digit(stripped[i + 1]) && is_digit(stripped[i + 2])) return true;
  }
  return false;
}

Comparison compare_element(const Node& gold, const Node& answer, const Policy& policy,
                           Budget& budget) {
  if (is_fraction(gold) && is_fraction(answer)) {
    const bool same = render(gold) == render(answer);
    return {same ? Same::yes : Same::no,
            same ? "the same fraction" : "fractions that are not written alike"};
  }
  if (is_whole(gold) != is_whole(answer)) return {Same::no, "an integer here, another form there"};
  if (free_symbols(gold).size() > 2 || free_symbols(answer).size() > 2)
    return {Same::no, "more than two unknowns, and other strings"};
  const bool formulas = gold.kind != Kind::list && gold.kind != Kind::set &&
                        gold.kind != Kind::relation && gold.kind != Kind::text;
  if (!formulas) return {Same::no, "different strings"};
  Policy plain = policy;
  plain.unreduced_fractions = true;
  return Comparer(plain, budget).compare(gold, answer);
}

}  // namespace

Comparison compare_prm800k(std::string_view gold, std::string_view answer, const Policy& policy,
                           Budget& budget) {
  if (strip_hendrycks(gold) == strip_hendrycks(answer))
    return {Same::yes, "equal strings after normalisation"};
  const std::string a = strip_prm800k(gold);
  const std::string b = strip_prm800k(answer);
  if (a == b) return {Same::yes, "equal strings after normalisation"};
  if (b.empty()) return {Same::no, "an empty answer"};
  if (has_large_power(a) || has_large_power(b))
    return {Same::no, "a large power, and other strings"};
  const Node x = fold_matrices(read(gold));
  const Node y = fold_matrices(read(answer));
  const auto bare = [](const Node& node) -> Node {
    // Units, percent and degree signs fall away before the grader looks.
    Node inner = node;
    while (inner.kind == Kind::quantity ||
           (inner.kind == Kind::call && (inner.name == "percent" || inner.name == "degree"))) {
      Node next = std::move(inner.children[0]);
      inner = std::move(next);
    }
    return inner;
  };
  const bool tuples = (x.kind == Kind::tuple || x.kind == Kind::interval) && x.kind == y.kind;
  if (!tuples) return compare_element(bare(x), bare(y), policy, budget);
  const bool brackets = x.open == y.open && x.close == y.close && x.closed_left == y.closed_left &&
                        x.closed_right == y.closed_right;
  if (!brackets || x.children.size() != y.children.size())
    return {Same::no, "different brackets or numbers of members"};
  for (std::size_t i = 0; i < x.children.size(); ++i) {
    Comparison one = compare_element(bare(x.children[i]), bare(y.children[i]), policy, budget);
    if (one.same != Same::yes) return one;
  }
  return {Same::yes, "equal member by member"};
}

}  // namespace assay::math
