#include "suites/math/expression/read_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/said.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

bool is_chinese(char c) {
  return static_cast<unsigned char>(c) >= 0x80;
}

// The positions of "(a)", "(b)" ... as far as they count on from the first, which begins the text.
std::vector<std::pair<std::size_t, std::size_t>> labels_of(std::string_view text) {
  static constexpr std::array<std::array<std::string_view, 6>, 5> series = {
      {{"(a)", "(b)", "(c)", "(d)", "(e)", "(f)"},
       {"(i)", "(ii)", "(iii)", "(iv)", "(v)", "(vi)"},
       {"(1)", "(2)", "(3)", "(4)", "(5)", "(6)"},
       {"1. ", "2. ", "3. ", "4. ", "5. ", "6. "},
       {"1) ", "2) ", "3) ", "4) ", "5) ", "6) "}}};
  std::vector<std::pair<std::size_t, std::size_t>> labels;
  for (const auto& names : series) {
    if (!text.starts_with(names[0])) continue;
    std::size_t at = 0;
    for (const std::string_view name : names) {
      at = text.find(name, at);
      // "12. " is no second label.
      while (at != std::string_view::npos && at > 0 && is_ascii_digit(name[0]) &&
             (is_ascii_digit(text[at - 1]) || text[at - 1] == '.'))
        at = text.find(name, at + 1);
      if (at == std::string_view::npos) break;
      labels.emplace_back(at, name.size());
      at += name.size();
    }
  }
  return labels;
}

// 1 2 3, with nothing else.
bool is_row_of_numbers(std::string_view text) {
  std::size_t blanks = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool blank = text[i] == ' ';
    if (!blank && !is_ascii_digit(text[i]) && text[i] != '.' && text[i] != '/' &&
        !(text[i] == '-' && (i == 0 || text[i - 1] == ' ')))
      return false;
    // "1. 3 2. 5" counts its answers.
    if (text[i] == '.' && i + 1 < text.size() && text[i + 1] == ' ') return false;
    if (blank && text[i - 1] != ' ') ++blanks;
  }
  return blanks > 0 && text.size() < 200 && is_ascii_digit(text.back());
}

}  // namespace

namespace {

// The words of a text, in lower case, with their places.
template <class Take>
void each_word(std::string_view text, const Take& take) {
  for (std::size_t i = 0; i < text.size();) {
    std::size_t end = i;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    if (end > i) take(lower(text.substr(i, end - i)), i);
    i = end + 1;
  }
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  each_word(text, [&](const std::string&, std::size_t) { ++words; });
  return words;
}

bool is_verb(std::string_view word) {
  static constexpr std::array<std::string_view, 14> verbs = {
      "is",  "are",  "was",   "were",   "equals", "be",  "becomes",
      "has", "have", "gives", "yields", "get",    "had", "contains"};
  return std::find(verbs.begin(), verbs.end(), word) != verbs.end();
}

// What a number may be of: "a total of 12". Of anything else it says another number: "the log of
// 12".
bool is_measured(std::string_view word) {
  static constexpr std::array<std::string_view, 47> words = {
      "total",       "value",    "values",    "cost",     "price",    "answer", "result",
      "length",      "height",   "width",     "depth",    "area",     "volume", "distance",
      "speed",       "velocity", "rate",      "mass",     "weight",   "time",   "maximum",
      "minimum",     "average",  "mean",      "median",   "mode",     "age",    "radius",
      "diameter",    "amount",   "perimeter", "score",    "measure",  "slope",  "temperature",
      "probability", "set",      "sum",       "increase", "decrease", "gain",   "loss",
      "profit",      "drop",     "rise",      "growth",   "decline"};
  return std::find(words.begin(), words.end(), word) != words.end();
}

// Whether the number at `number` is what a sentence comes to, and not the end of a comparison, an
// exception, a multiple, a condition.
bool states_number(std::string_view text, std::size_t number) {
  bool binds = text.find("n't") != std::string_view::npos;
  bool binds_next = false;
  bool part_of_it = false;
  std::string last;
  each_word(text, [&](const std::string& word, std::size_t at) {
    binds = binds || word == "or" || binds_number(word);
    const bool behind_and = at > number && last == "and";
    binds = binds || (behind_and && (word == "above" || word == "below" || word == "up"));
    if (at < number) {
      binds_next = !is_verb(word) && (binds_next || binds_next_number(word));
      part_of_it = word == "of" && !last.empty() && !is_measured(last);
    }
    last = word;
  });
  return !binds && !binds_next && !part_of_it;
}

// The words that come in opposites, each behind a blank: what they say of the number stays.
std::string words_of_sides(std::string_view text) {
  std::string sides;
  each_word(text, [&](const std::string& word, std::size_t) {
    if (side_of(word) != 0) sides += ' ' + word;
  });
  return sides;
}

}  // namespace

bool binds_what_follows(std::string_view text) {
  bool binds = false;
  each_word(text, [&](const std::string& word, std::size_t) {
    binds = !is_verb(word) && (binds || binds_number(word) || binds_next_number(word) ||
                               word == "minus" || word == "negative");
  });
  return binds;
}

bool binds_any_number(std::string_view text) {
  bool binds = false;
  each_word(text,
            [&](const std::string& word, std::size_t) { binds = binds || binds_number(word); });
  return binds;
}

std::string only_number(std::string_view text) {
  constexpr std::string_view digits = "0123456789";
  const std::size_t first = text.find_first_of(digits);
  if (first == std::string_view::npos ||
      text.find_first_of("\\^_=<>{}|[]+*") != std::string_view::npos)
    return {};
  std::size_t end = text.find_first_not_of("0123456789.,/:%", first);
  end = std::min(end, text.size());
  if (text.find_first_of(digits, end) != std::string_view::npos) return {};
  if (count_words(text) < 2 || !states_number(text, first)) return {};
  std::size_t from = first;
  while (from > 0 && (text[from - 1] == '$' || text[from - 1] == '-')) --from;
  if (from > 0 && text[from - 1] != ' ') return {};
  while (end > first && (text[end - 1] == '.' || text[end - 1] == ',' || text[end - 1] == ':'))
    --end;
  std::size_t word = end;
  while (word < text.size() && text[word] == ' ') ++word;
  std::size_t behind = word;
  const auto in_unit = [&](std::size_t at) {
    return is_ascii_letter(text[at]) ||
           (text[at] == '/' && at + 1 < text.size() && is_ascii_letter(text[at + 1]));
  };
  while (behind < text.size() && in_unit(behind)) ++behind;
  const std::size_t to = behind > word ? behind : end;
  return std::string(text.substr(from, to - from)) + words_of_sides(text.substr(0, from)) +
         words_of_sides(text.substr(to));
}

namespace {

// Labels in groups of their own, "\\text{(i) } 2", taken out of them.
std::string with_bare_labels(std::string_view text) {
  std::string plain(trim(text));
  for (const std::string_view command : {"\\text{", "\\mathrm{", "\\textbf{"}) {
    std::size_t at = 0;
    while ((at = plain.find(command, at)) != std::string::npos) {
      const std::size_t close = matching_brace(plain, at + command.size() - 1);
      const std::size_t first = plain.find_first_not_of(' ', at + command.size());
      if (close == std::string::npos || plain[first] != '(') break;
      plain.erase(close - 1, 1);
      plain.erase(at, command.size());
    }
  }
  return std::string(trim(plain));
}

}  // namespace

std::size_t count_labels(std::string_view text) {
  return is_row_of_numbers(trim(text)) ? 0 : labels_of(with_bare_labels(text)).size();
}

std::string with_commas(std::string_view text) {
  text = trim(text);
  if (text.empty()) return {};
  std::string out;
  if (is_row_of_numbers(text)) {
    for (std::size_t i = 0; i < text.size(); ++i) {
      if (text[i] != ' ') out += text[i];
      if (text[i] == ' ' && text[i - 1] != ' ') out += ", ";
    }
    return out;
  }
  const std::string whole_text = with_bare_labels(text);
  const std::string_view whole = whole_text;
  const auto labels = labels_of(whole);
  if (labels.size() < 2) return {};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const std::size_t from = labels[i].first + labels[i].second;
    const std::size_t to = i + 1 < labels.size() ? labels[i + 1].first : whole.size();
    std::string_view part = trim(whole.substr(from, to - from));
    for (const std::string_view joint : {"and", ",", ";", ".", "\\\\"}) {
      if (part.ends_with(joint)) part = trim(part.substr(0, part.size() - joint.size()));
    }
    if (part.empty()) return {};
    if (i > 0) out += ", ";
    out += part;
  }
  return out;
}

std::optional<Node> circled_numbers(std::string_view text) {
  std::string plain(text);
  for (int i = 1; i <= 9; ++i) {
    const char digit = static_cast<char>('0' + i);
    const std::string circle = fmt::format("\xE2\x91{}", static_cast<char>(0x9F + i));
    replace_all(plain, std::string("\\textcircled{") + digit + '}', circle);
    replace_all(plain, std::string("\\textcircled{\\text{") + digit + "}}", circle);
  }
  std::vector<std::string> numbers;
  for (std::size_t i = 0; i < plain.size();) {
    const std::string_view rest = std::string_view(plain).substr(i);
    if (rest.size() >= 3 && rest.starts_with("\xE2\x91")) {
      numbers.emplace_back(rest.substr(0, 3));
      i += 3;
    } else if (rest[0] == ' ' || rest[0] == ',' || rest[0] == ';' || rest[0] == '.') {
      ++i;
    } else {
      return std::nullopt;
    }
  }
  if (numbers.empty()) return std::nullopt;
  std::sort(numbers.begin(), numbers.end());
  Node text_of_all = make_text("");
  for (const std::string& one : numbers) text_of_all.name += one;
  return text_of_all;
}

std::string leading_verdict(std::string_view text) {
  std::string plain(trim(text));
  if (plain.starts_with("\\text{")) plain.erase(0, 6);
  replace_all(plain, "{", "");
  replace_all(plain, "}", "");
  static constexpr std::array<std::string_view, 4> verdicts = {"yes", "no", "true", "false"};
  for (const std::string_view word : verdicts) {
    std::string begin = lower(std::string_view(plain).substr(0, word.size()));
    if (begin != word || plain.size() <= word.size()) continue;
    const char behind = plain[word.size()];
    const bool sentence = (behind == ',' || behind == '.' || behind == ';' || behind == ':') &&
                          plain.size() > word.size() + 3;
    if (sentence) return begin;
  }
  return {};
}

std::string_view behind_chinese(std::string_view text) {
  text = trim(text);
  std::size_t end = 0;
  while (end < text.size() && (is_chinese(text[end]) || text[end] == ' ' || text[end] == ':'))
    ++end;
  if (end < 6 || end >= text.size()) return {};
  const std::string_view words = text.substr(0, end);
  for (const std::string_view denial : {"不", "非", "没", "无", "或", "和"}) {
    if (words.find(denial) != std::string_view::npos) return {};
  }
  return trim(text.substr(end));
}

std::string_view behind_verb(std::string_view text) {
  std::size_t best = 0;
  for (const std::string_view verb : {" is ", " are ", " equals ", " to be "}) {
    const auto at = text.rfind(verb);
    if (at != std::string_view::npos) best = std::max(best, at + verb.size());
  }
  const std::string_view rest = trim(text.substr(best));
  if (best == 0 || binds_any_number(rest)) return {};
  bool condition = false;
  each_word(text.substr(0, best), [&](const std::string& word, std::size_t) {
    condition = condition || word == "if" || word == "unless" || word == "when";
  });
  return condition ? std::string_view() : rest;
}

std::string without_upright_text(std::string_view text) {
  static constexpr std::array<std::string_view, 6> commands = {
      "\\textbf{", "\\textit{", "\\textrm{", "\\text{", "\\mathrm{", "\\mbox{"};
  std::string out;
  std::vector<bool> upright;  // of each open brace
  for (std::size_t i = 0; i < text.size();) {
    const auto command = std::find_if(commands.begin(), commands.end(), [&](std::string_view name) {
      return text[i] == '\\' && text.substr(i).starts_with(name);
    });
    if (command != commands.end()) {
      upright.push_back(true);
      i += command->size();
      continue;
    }
    const bool escaped = text[i] == '\\' && i + 1 < text.size();
    if (text[i] == '{') upright.push_back(false);
    const bool closes = text[i] == '}' && !upright.empty();
    if (!closes || !upright.back()) out += text.substr(i, escaped ? 2 : 1);
    if (closes) upright.pop_back();
    i += escaped ? 2 : 1;
  }
  return out;
}

std::string_view behind_label(std::string_view text) {
  const std::size_t colon = text.find(':');
  if (colon == std::string_view::npos) return {};
  const std::string_view label = text.substr(0, colon);
  const bool words = std::all_of(label.begin(), label.end(),
                                 [](char c) { return is_ascii_letter(c) || c == ' '; });
  if (!words || trim(label).size() < 4 || binds_any_number(label)) return {};
  return trim(text.substr(colon + 1));
}

std::string_view before_remark(std::string_view text) {
  if (!text.ends_with(')')) return {};
  const std::size_t open = find_last(text, "(");
  if (open == std::string_view::npos || open == 0) return {};
  const std::string_view remark = trim(text.substr(open + 1));
  static constexpr std::array<std::string_view, 9> beginnings = {
      "about",   "approximately", "approx",  "to",      "correct",
      "rounded", "roughly",       "nearest", "\\approx"};
  const bool known = std::any_of(beginnings.begin(), beginnings.end(), [&](std::string_view word) {
    return starts_with_word(remark, word);
  });
  return known ? trim(text.substr(0, open)) : std::string_view();
}

std::string_view before_verb(std::string_view text) {
  static constexpr std::array<std::string_view, 11> words = {
      "the",  "only",  "unique", "solution", "solutions", "answer",
      "root", "roots", "value",  "correct",  "final"};
  std::size_t at = std::string_view::npos;
  for (const std::string_view verb : {" is ", " are "}) at = std::min(at, text.find(verb));
  if (at == std::string_view::npos) return {};
  bool pointing = std::all_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.end(),
                              [](char c) { return is_ascii_letter(c) || c == ' '; });
  each_word(text.substr(at + 4), [&](const std::string& word, std::size_t) {
    pointing = pointing && std::find(words.begin(), words.end(), word) != words.end();
  });
  return pointing ? trim(text.substr(0, at)) : std::string_view();
}

}  // namespace assay::math
