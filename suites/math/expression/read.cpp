#include "suites/math/expression/read.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <optional>
#include <utility>

#include <fmt/core.h>

#include "suites/math/expression/chemistry.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/read_words.h"
#include "suites/math/expression/texts.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

ReadAnswer read_content(std::string_view text, const ParseOptions& options);

// A, (A), A., \text{(A)}, "Option A", "选A", "(B) 12", "B. 12"
std::optional<Node> read_choice(std::string_view text, const ParseOptions& options) {
  std::string plain = without_text_commands(text);
  std::string_view rest = trim(plain);
  bool announced = false;
  static constexpr std::array<std::string_view, 12> words = {
      "option", "choice", "Option", "Choice", "选项",   "选择",
      "答案选", "故选",   "应选",   "选",     "answer", "Answer"};
  for (const std::string_view word : words) {
    if (!rest.starts_with(word)) continue;
    const std::string_view behind = trim(rest.substr(word.size()));
    const bool letter = !behind.empty() &&
                        (behind[0] == '(' || (behind[0] >= 'A' && behind[0] <= 'J')) &&
                        (behind.size() == 1 || !is_ascii_letter(behind[1]) || behind[0] == '(');
    if (!letter) continue;
    announced = true;
    rest = behind;
    break;
  }
  const bool bracket = rest.starts_with("(");
  std::string_view at = bracket ? trim(rest.substr(1)) : rest;
  if (at.empty() || !is_ascii_letter(at[0])) return std::nullopt;
  const char letter = at[0];
  std::string_view behind = trim(at.substr(1));
  if (bracket && !behind.starts_with(")")) return std::nullopt;
  const bool marked =
      !bracket && !behind.empty() && (behind[0] == '.' || behind[0] == ')' || behind[0] == ':');
  if (marked || bracket) behind = trim(behind.substr(1));
  const bool upper = letter >= 'A' && letter <= 'J';
  const bool letter_of_choice = (letter >= 'a' && letter <= 'j') || upper;
  if (!letter_of_choice) return std::nullopt;
  Node node{.kind = Kind::choice, .name = std::string(1, static_cast<char>(std::toupper(letter)))};
  if (behind.empty()) {
    if (bracket || marked || announced) return node;
    return std::nullopt;
  }
  // "(a) b" may be a product; "A. text" and "(A) 12" are choices.
  if (!(upper && (marked || bracket)) || behind[0] == '^' || behind[0] == '=' || behind[0] == '+' ||
      behind[0] == '-' || behind[0] == '_' || behind[0] == '(')
    return std::nullopt;
  if (bracket && !is_ascii_digit(behind[0]) && behind[0] != '\\' && behind[0] != '$' &&
      !(is_ascii_letter(behind[0]) && behind.size() > 2))
    return std::nullopt;
  ReadAnswer content = read_content(behind, options);
  node.children.push_back(std::move(content.node));
  return node;
}

constexpr std::array<std::string_view, 12> months = {
    "january", "february", "march",     "april",   "may",      "june",
    "july",    "august",   "september", "october", "november", "december"};

int month_of(std::string_view word) {
  const std::string small = lower(word);
  for (std::size_t i = 0; i < months.size(); ++i) {
    if (small == months[i] || (small.size() == 3 && months[i].starts_with(small)) ||
        (small == "sept" && i == 8))
      return static_cast<int>(i) + 1;
  }
  return 0;
}

// "July 20, 1969", "20 July 1969", "1969-07-20", "1969年7月20日"
std::optional<Node> read_date(std::string_view text) {
  std::vector<int> numbers;
  std::vector<std::size_t> lengths;
  int month = 0;
  std::size_t month_at = 0;
  const std::string plain = without_text_commands(text);
  if (plain.size() > 40) return std::nullopt;
  for (std::size_t i = 0; i < plain.size();) {
    std::size_t end = i;
    if (is_ascii_digit(plain[i])) {
      while (end < plain.size() && is_ascii_digit(plain[end])) ++end;
      if (end - i > 4) return std::nullopt;
      numbers.push_back(std::stoi(plain.substr(i, end - i)));
      lengths.push_back(end - i);
    } else if (is_ascii_letter(plain[i])) {
      while (end < plain.size() && is_ascii_letter(plain[end])) ++end;
      const std::string word = lower(plain.substr(i, end - i));
      const int found = month_of(word);
      const bool suffix =
          word == "st" || word == "nd" || word == "rd" || word == "th" || word == "of";
      if (found == 0 && !suffix) return std::nullopt;
      if (found > 0 && month > 0) return std::nullopt;
      if (found > 0) {
        month = found;
        month_at = numbers.size();
      }
    } else {
      if (plain[i] == '+' || plain[i] == '*' || plain[i] == '^' || plain[i] == '(' ||
          plain[i] == '=' || plain[i] == '/' || plain[i] == '.')
        return std::nullopt;
      end = i + 1;
    }
    i = end;
  }
  const auto make = [](int year, int m, int day) -> std::optional<Node> {
    if (m < 1 || m > 12 || day < 1 || day > 31) return std::nullopt;
    return Node{.kind = Kind::date, .name = fmt::format("{:04}-{:02}-{:02}", year, m, day)};
  };
  if (month > 0 && numbers.size() == 2 && month_at <= 1) return make(numbers[1], month, numbers[0]);
  if (month > 0 && numbers.size() == 1) return make(0, month, numbers[0]);
  const bool chinese =
      plain.find("月") != std::string::npos && plain.find("日") != std::string::npos;
  if (chinese && numbers.size() == 3) return make(numbers[0], numbers[1], numbers[2]);
  if (chinese && numbers.size() == 2) return make(0, numbers[0], numbers[1]);
  const bool iso = month == 0 && numbers.size() == 3 && lengths[0] == 4 && lengths[1] == 2 &&
                   lengths[2] == 2 && plain.find(',') == std::string::npos &&
                   plain.find(' ') == std::string::npos;
  return iso ? make(numbers[0], numbers[1], numbers[2]) : std::nullopt;
}

// Words and no mathematics.
bool is_words(std::string_view text) {
  const std::string plain = without_text_commands(text);
  const bool was_text = text.find("\\text") != std::string_view::npos ||
                        text.find("\\mbox") != std::string_view::npos ||
                        text.find("\\mathrm") != std::string_view::npos;
  std::size_t longest = 0;
  std::size_t run = 0;
  std::size_t words = 0;
  for (const char c : plain) {
    if (is_ascii_digit(c) || c == '\\' || c == '^' || c == '_' || c == '=' || c == '+' ||
        c == '*' || c == '/' || c == '<' || c == '>' || c == '[' || c == '|' || c == '%')
      return false;
    if (is_ascii_letter(c) || static_cast<unsigned char>(c) >= 0x80) {
      if (run == 0) ++words;
      longest = std::max(longest, ++run);
    } else {
      run = 0;
    }
  }
  if (longest == 0) return false;
  const std::string_view bare = trim(plain);
  // (-infinity, infinity)
  if (lower(bare).find("infinity") != std::string::npos &&
      (bare[0] == '(' || bare[0] == '-' || bare[0] == '['))
    return false;
  if (words == 1 && (is_function_name(lower(bare)) || bare == "pi" || bare == "e")) return false;
  if (was_text) return text[0] == '\\' || longest > 3;
  // "a, b and c" are three letters; "xy" a product; "cab" is too short to be sure, and equal to
  // itself.
  return longest > 3 || (longest == 3 && words > 1) ||
         (words == 1 && longest >= 2 && static_cast<unsigned char>(bare[0]) < 0x80 &&
          (lower(bare) == "no" || lower(bare) == "yes" || bare == "DNE")) ||
         static_cast<unsigned char>(bare[0]) >= 0x80;
}

bool is_list_of_names(std::string_view text) {
  return text.find(',') != std::string_view::npos || text.find(" and ") != std::string_view::npos;
}

// "Var(X) = 4", "V = 27/8 $200 = 675": a name, perhaps steps that cannot be read, and a constant
// behind the last equals sign.
std::optional<Node> read_behind_name(std::string_view text, const ParseOptions& options) {
  const auto first = text.find('=');
  const auto sign = text.rfind('=');
  if (first == std::string_view::npos || first == 0 || sign + 1 >= text.size()) return std::nullopt;
  const std::string_view name = trim(text.substr(0, first));
  const std::string_view before = text.substr(0, sign);
  const auto balanced = [&](char open, char close) {
    return std::count(before.begin(), before.end(), open) ==
           std::count(before.begin(), before.end(), close);
  };
  if (name.empty() || binds_any_number(name) ||
      before.find_first_of("<>*?") != std::string_view::npos ||
      before.find(", ") != std::string_view::npos ||
      before.find("\\begin") != std::string_view::npos || before.ends_with('\\') ||
      !std::any_of(name.begin(), name.end(), is_ascii_letter) || !balanced('{', '}') ||
      !balanced('(', ')'))
    return std::nullopt;
  Parsed value = parse(trim(text.substr(sign + 1)), options);
  if (!value.node || !free_symbols(*value.node).empty() || value.node->kind == Kind::relation)
    return std::nullopt;
  Parsed left = parse(name, options);
  Node named = left.node ? std::move(*left.node) : make_symbol(std::string(name));
  return make_relation(std::move(named), '=', std::move(*value.node));
}

// "(a) 3 (b) 5": a list whose order counts beside another with labels.
Parsed parse_parts(std::string_view text, const ParseOptions& options) {
  const std::string parts = with_commas(text);
  if (parts.empty()) return {};
  Parsed listed = parse(parts, options);
  const auto labels = static_cast<int>(count_labels(text));
  if (listed.node && listed.node->kind == Kind::list && labels > 1) {
    listed.node->name = "parts";
    listed.node->rows = labels;
  }
  return listed;
}

std::string_view without_introduction(std::string_view text);

// What a second look finds in a text that is no formula as a whole.
std::optional<Node> read_in_prose(std::string_view text, const ParseOptions& options,
                                  std::size_t& tokens) {
  constexpr std::size_t sentence_max = 300;  // bytes of what may be read a second time
  constexpr std::size_t tokens_read_max = 200;
  if (text.size() > sentence_max || tokens > tokens_read_max) return std::nullopt;
  if (auto node = read_behind_name(text, options)) return node;
  if (Parsed parts = parse_parts(text, options); parts.node) return std::move(parts.node);
  const std::string plain = without_upright_text(text);
  for (const std::string& part :
       {std::string(behind_chinese(text)), std::string(before_remark(plain)), only_number(plain),
        std::string(behind_label(plain)), std::string(before_verb(plain)),
        std::string(behind_verb(plain)), std::string(without_introduction(plain))}) {
    if (part.empty() || part == text || tokens > tokens_read_max) continue;
    Parsed stated = parse(part, options);
    tokens += stated.tokens;
    if (stated.node) return std::move(stated.node);
  }
  return std::nullopt;
}

// "= 1/3" without its sign, "about 5" without its word.
std::string_view without_introduction(std::string_view text) {
  // "= 1/3" lacks its left side, "12 =" its right one.
  if (text.size() > 1 && text[0] == '=' && text[1] != '=') text = trim(text.substr(1));
  if (text.size() > 1 && text.ends_with('=') && text.find('=') + 1 == text.size() &&
      std::string_view("<>!=").find(text[text.size() - 2]) == std::string_view::npos)
    text = trim(text.substr(0, text.size() - 1));
  for (const std::string_view about :
       {"大约", "约为", "约", "approximately ", "about ", "roughly ", "\\approx", "~", "exactly ",
        "only ", "just ", "precisely ", "a total of "}) {
    if (text.starts_with(about) && text.size() > about.size())
      text = trim(text.substr(about.size()));
  }
  if (const std::string_view head = before_remark(text); !head.empty()) text = head;
  for (const std::string_view tail :
       {" in total", " in all", " altogether", " overall", " as required", " as desired"}) {
    if (text.ends_with(tail)) text = trim(text.substr(0, text.size() - tail.size()));
  }
  return text;
}

// "\\ge 5", "less than 3" (which comes as "< 3"): all that is so.
std::optional<Node> read_half_line(std::string_view text, const ParseOptions& options) {
  static constexpr std::array<std::pair<std::string_view, char>, 12> signs = {{{"\\geqslant", 'G'},
                                                                               {"\\geq", 'G'},
                                                                               {"\\ge", 'G'},
                                                                               {"\\leqslant", 'L'},
                                                                               {"\\leq", 'L'},
                                                                               {"\\le", 'L'},
                                                                               {">=", 'G'},
                                                                               {"<=", 'L'},
                                                                               {">", '>'},
                                                                               {"<", '<'},
                                                                               {"\\gt", '>'},
                                                                               {"\\lt", '<'}}};
  for (const auto& [sign, code] : signs) {
    if (!text.starts_with(sign)) continue;
    const std::string_view rest = text.substr(sign.size());
    if (rest.empty() || is_ascii_letter(rest[0])) continue;
    Parsed end = parse(trim(rest), options);
    const bool value = end.node && free_symbols(*end.node).empty() &&
                       (end.node->kind == Kind::number || end.node->kind == Kind::negate ||
                        end.node->kind == Kind::divide || end.node->kind == Kind::quantity);
    if (!value) return std::nullopt;
    const bool above = code == 'G' || code == '>';
    Node infinity{.kind = Kind::infinity};
    Node line = above ? make_node(Kind::interval, {std::move(*end.node), std::move(infinity)})
                      : make_node(Kind::interval, {make_node(Kind::negate, {std::move(infinity)}),
                                                   std::move(*end.node)});
    line.closed_left = code == 'G';
    line.closed_right = code == 'L';
    return line;
  }
  return std::nullopt;
}

// "all real numbers except 2 and 3"
std::optional<Node> read_exception(std::string_view text, const ParseOptions& options) {
  for (const std::string_view all : {"all real numbers except ", "all reals except "}) {
    if (!starts_with_ignoring_case(text, all)) continue;
    Parsed rest = parse(trim(text.substr(all.size())), options);
    if (!rest.node) return std::nullopt;
    Node taken = std::move(*rest.node);
    const bool named = taken.kind == Kind::relation && taken.operators == "=";
    if (named) taken = Node(taken.children.back());
    if (taken.kind != Kind::list) taken = make_node(Kind::list, {std::move(taken)});
    taken.kind = Kind::set;
    taken.name.clear();
    Node reals{.kind = Kind::named_set, .name = "R"};
    Node both = make_node(Kind::set_operation, {std::move(reals), std::move(taken)});
    both.name = "difference";
    return both;
  }
  return std::nullopt;
}

// Names in any order are several answers.
Node names_to_node(std::string_view text) {
  Node list = make_node(Kind::list, {});
  std::string parts = without_text_commands(text);
  replace_all(parts, " and ", ",");
  replace_all(parts, " or ", ",");
  for (std::size_t from = 0; from <= parts.size();) {
    const std::size_t to = std::min(parts.find(',', from), parts.size());
    const std::string_view part = trim(std::string_view(parts).substr(from, to - from));
    if (!part.empty()) list.children.push_back(words_to_node(part));
    from = to + 1;
  }
  return list.children.size() == 1 ? Node(list.children[0]) : list;
}

// What is no choice.
ReadAnswer read_content(std::string_view text, const ParseOptions& options) {
  ReadAnswer answer;
  if (auto circled = circled_numbers(text)) {
    answer.node = std::move(*circled);
    return answer;
  }
  if (const std::string verdict = leading_verdict(text); !verdict.empty()) {
    answer.node = make_text(verdict);
    return answer;
  }
  if (auto date = read_date(text)) {
    answer.node = std::move(*date);
    return answer;
  }
  if (is_words(text)) {
    answer.node = is_list_of_names(text) ? names_to_node(text) : words_to_node(text);
    return answer;
  }
  if (text.starts_with("(a)") || text.starts_with("(i)") || text.starts_with("(1)")) {
    if (Parsed listed = parse_parts(text, options); listed.node) {
      answer.node = std::move(*listed.node);
      return answer;
    }
  }
  const std::string chemical = chemical_formula(text);
  if (options.chemical) {
    answer.node = make_text(chemical);
    return answer;
  }
  if (auto half = read_half_line(text, options)) {
    answer.node = std::move(*half);
    return answer;
  }
  if (auto rest = read_exception(text, options)) {
    answer.node = std::move(*rest);
    return answer;
  }
  Parsed parsed = parse(text, options);
  answer.chemical_ambiguous = parsed.node && !chemical.empty();
  if (!parsed.node && !chemical.empty()) {
    answer.node = make_text(chemical);
    return answer;
  }
  if (!parsed.node && parsed.words_ambiguous && !options.words_are_products) {
    // "2mg \sin\theta" is no mass.
    ParseOptions products = options;
    products.words_are_products = true;
    Parsed again = parse(text, products);
    again.tokens += parsed.tokens;
    const bool chain = again.node && again.node->operators.size() > 1;
    if (again.node && !chain) parsed = std::move(again);
  }
  answer.commas_ambiguous = parsed.commas_ambiguous;
  answer.slash_ambiguous = parsed.slash_ambiguous;
  answer.letters_ambiguous = parsed.letters_ambiguous;
  answer.words_ambiguous = parsed.words_ambiguous;
  answer.powers_ambiguous = parsed.powers_ambiguous;
  answer.tokens = parsed.tokens;
  if (parsed.node) {
    answer.node = std::move(*parsed.node);
    return answer;
  }
  if (auto node = read_in_prose(text, options, answer.tokens)) {
    answer.node = std::move(*node);
    return answer;
  }
  answer.node = words_to_node(text);
  answer.problem = parsed.error;
  return answer;
}

}  // namespace

ReadAnswer read_answer(std::string_view cleaned, const ParseOptions& options) {
  ReadAnswer answer;
  const std::string_view text = without_introduction(trim(cleaned));
  if (text.size() > length_max) {
    answer.node = make_text(std::string(text.substr(0, 64)));
    answer.problem = "too long";
    return answer;
  }
  if (auto choice = read_choice(text, options)) {
    answer.node = std::move(*choice);
    return answer;
  }
  return read_content(text, options);
}

}  // namespace assay::math
