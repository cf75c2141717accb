#include "suites/math/expression/texts.h"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

#include "suites/math/expression/clean.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

constexpr std::array<std::pair<std::string_view, std::string_view>, 64> synonyms = {
    {{"是", "yes"},
     {"是的", "yes"},
     {"否", "no"},
     {"不是", "no"},
     {"对", "true"},
     {"正确", "true"},
     {"对的", "true"},
     {"真", "true"},
     {"错", "false"},
     {"错误", "false"},
     {"不对", "false"},
     {"假", "false"},
     {"correct", "true"},
     {"incorrect", "false"},
     {"no solutions", "no solution"},
     {"无解", "no solution"},
     {"没有解", "no solution"},
     {"there is no solution", "no solution"},
     {"there are no solutions", "no solution"},
     {"no real solution", "no real solutions"},
     {"无实数解", "no real solutions"},
     {"dne", "does not exist"},
     {"不存在", "does not exist"},
     {"undefined", "undefined"},
     {"无定义", "undefined"},
     {"未定义", "undefined"},
     {"偶数", "even"},
     {"奇数", "odd"},
     {"偶函数", "even"},
     {"奇函数", "odd"},
     {"星期一", "monday"},
     {"星期二", "tuesday"},
     {"星期三", "wednesday"},
     {"星期四", "thursday"},
     {"星期五", "friday"},
     {"星期六", "saturday"},
     {"星期日", "sunday"},
     {"星期天", "sunday"},
     {"周一", "monday"},
     {"周二", "tuesday"},
     {"周三", "wednesday"},
     {"周四", "thursday"},
     {"周五", "friday"},
     {"周六", "saturday"},
     {"周日", "sunday"},
     {"椭圆", "ellipse"},
     {"双曲线", "hyperbola"},
     {"抛物线", "parabola"},
     {"圆", "circle"},
     {"收敛", "converges"},
     {"发散", "diverges"},
     {"converge", "converges"},
     {"diverge", "diverges"},
     {"convergent", "converges"},
     {"divergent", "diverges"},
     {"东", "east"},
     {"西", "west"},
     {"all reals", "all real numbers"},
     {"無解", "no solution"},
     {"not enough information", "cannot be determined"},
     {"insufficient information", "cannot be determined"},
     {"not enough information to determine", "cannot be determined"},
     {"cannot determine", "cannot be determined"},
     {"can not be determined", "cannot be determined"}}};

constexpr std::array<std::pair<std::string_view, std::string_view>, 9> sets_of_numbers = {
    {{"all integers", "Z"},
     {"all positive integers", "Z+"},
     {"all natural numbers", "N"},
     {"all rational numbers", "Q"},
     {"all positive real numbers", "R+"},
     {"all positive reals", "R+"},
     {"all nonnegative real numbers", "R0+"},
     {"all non negative real numbers", "R0+"},
     {"all complex numbers", "C"}}};

std::optional<Node> known_text(const std::string& text) {
  if (text == "all real numbers" || text == "全体实数" || text == "所有实数" || text == "实数集" ||
      text == "任意实数")
    return Node{.kind = Kind::named_set, .name = "R"};
  if (text == "none" || text == "empty set" || text == "the empty set" || text == "空集" ||
      text == "no solution")
    return Node{.kind = Kind::named_set, .name = "empty"};
  const bool negative = text == "negative infinity" || text == "minus infinity" || text == "负无穷";
  if (negative) return make_node(Kind::negate, {Node{.kind = Kind::infinity}});
  if (text == "positive infinity" || text == "plus infinity") return Node{.kind = Kind::infinity};
  if (text == "dozen") return make_number(12);
  for (const auto& [words, name] : sets_of_numbers) {
    if (text == words) return Node{.kind = Kind::named_set, .name = std::string(name)};
  }
  if (text == "noon" || text == "midnight") {
    Node time = make_node(Kind::ratio, {make_number(text == "noon" ? 12 : 0), make_number(0)});
    time.closed_left = true;
    return time;
  }
  static constexpr std::array<std::string_view, 12> ordinals = {
      "first",   "second", "third", "fourth", "fifth",    "sixth",
      "seventh", "eighth", "ninth", "tenth",  "eleventh", "twelfth"};
  const auto ordinal = std::find(ordinals.begin(), ordinals.end(), text);
  if (ordinal != ordinals.end())
    return make_number(static_cast<int>(ordinal - ordinals.begin()) + 1);
  static constexpr std::array<std::string_view, 12> endless = {"infinitely many",
                                                               "infinite",
                                                               "infinitely many solutions",
                                                               "infinite solutions",
                                                               "infinitely many values",
                                                               "infinite number of solutions",
                                                               "infinitely",
                                                               "无数个",
                                                               "无穷多个",
                                                               "无穷多",
                                                               "无数",
                                                               "infinitely many real solutions"};
  if (std::find(endless.begin(), endless.end(), text) != endless.end())
    return Node{.kind = Kind::infinity};
  if (text == "infinity" || text == "无穷" || text == "无穷大") return Node{.kind = Kind::infinity};
  return std::nullopt;
}

constexpr char minus_sign = '\x01';

// A hyphen joins words; a minus stands at the front, or behind a bracket, and negates what follows:
// "-\\text{Re}(z)".
std::string with_minus_signs(std::string_view text) {
  std::string out(text);
  char before = '(';
  for (std::size_t i = 0; i < out.size(); ++i) {
    const bool opens = before == '(' || before == '=' || before == ',';
    if (out[i] == '-' && opens && i + 1 < out.size() && !is_blank(out[i + 1])) out[i] = minus_sign;
    if (!is_blank(out[i]) && out[i] != '{') before = out[i];
  }
  return out;
}

}  // namespace

std::string without_text_commands(std::string_view text) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] != '\\') {
      out += text[i] == '{' || text[i] == '}' || text[i] == '$' || text[i] == '~' ? ' ' : text[i];
      ++i;
      continue;
    }
    std::size_t end = i + 1;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    const std::string_view name = text.substr(i + 1, end - i - 1);
    const bool upright = name.starts_with("text") || name == "mathrm" || name == "mbox" ||
                         name == "mathbf" || name == "operatorname" || name == "mathsf";
    if (!upright) out += text.substr(i, std::max(end, i + 2) - i);
    i = std::max(end, i + 2);
    if (upright) i = end;
  }
  return out;
}

std::string normalize_text(std::string_view text, bool keep_case) {
  std::string plain = without_text_commands(with_minus_signs(text));
  std::string out;
  for (const char c : plain) {
    if (c == minus_sign) {
      out += '-';
      continue;
    }
    const bool mark = c == ' ' || c == '\t' || c == '\n' || c == '"' || c == '.' || c == '!' ||
                      c == ',' || c == '\'' || c == ';' || c == ':' || c == '?' || c == '*' ||
                      c == '(' || c == ')' || c == '-';
    if (mark) {
      if (!out.empty() && out.back() != ' ' && out.back() != '-') out += ' ';
    } else {
      out += c;
    }
  }
  std::string normal(trim(keep_case ? out : lower(out)));
  for (const std::string_view article : {"the ", "The ", "a ", "an ", "It is ", "it is "}) {
    if (normal.starts_with(article) && normal.size() > article.size()) {
      normal.erase(0, article.size());
      break;
    }
  }
  const std::string small = lower(normal);
  for (const auto& [from, to] : synonyms) {
    if (small == from) return std::string(to);
  }
  return normal;
}

Node words_to_node(std::string_view text) {
  const std::string normal = normalize_text(text, true);
  if (auto known = known_text(normalize_text(text, false))) return *known;
  return make_text(normal);
}

}  // namespace assay::math
