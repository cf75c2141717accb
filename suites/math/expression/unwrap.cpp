#include "suites/math/expression/unwrap.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <set>
#include <vector>

#include "suites/math/expression/clean.h"
#include "suites/math/expression/read_words.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

constexpr std::size_t boxes_max = 64;
constexpr std::size_t joined_boxes_max = 16;  // parts of one answer
constexpr std::size_t joint_bytes_max = 64;

struct Span {
  std::size_t from = 0;  // where the command or delimiter begins
  std::size_t inner_from = 0;
  std::size_t inner_to = 0;
  std::size_t to = 0;  // behind the closer
};

std::string_view inside(std::string_view text, const Span& span) {
  return text.substr(span.inner_from, span.inner_to - span.inner_from);
}

std::vector<Span> boxes_of(std::string_view text) {
  std::vector<Span> boxes;
  std::size_t at = 0;
  std::size_t other = 0;
  while (at < text.size()) {
    std::size_t found = text.find("\\boxed", at);
    if (other < at || at == 0) other = text.find("\\fbox", at);
    std::size_t length = 6;
    if (other < found) {
      found = other;
      length = 5;
    }
    if (found == std::string_view::npos) break;
    std::size_t open = found + length;
    while (open < text.size() && text[open] == ' ') ++open;
    at = found + length;
    if (open >= text.size() || text[open] != '{') continue;
    std::size_t end = matching_brace(text, open);
    // A box that nobody closed reaches to the end of its formula.
    const bool open_end = end == std::string_view::npos;
    if (open_end) end = std::min(text.find('$', open), text.size());
    boxes.push_back({found, open + 1, open_end ? end : end - 1, end});
    at = end;
    if (boxes.size() > boxes_max) boxes.erase(boxes.begin());
  }
  return boxes;
}

// Whether what stands between two boxes only joins them: "and", commas, "y_2 =".
bool joins(std::string_view gap) {
  if (gap.size() > joint_bytes_max) return false;
  std::string bare = lower(gap);
  for (const std::string_view word :
       {"\\text", "\\quad", "and", "or", "\\(", "\\)", "\\[", "\\]", "$", "和", "或"}) {
    replace_all(bare, word, "");
  }
  bare.erase(std::remove_if(bare.begin(), bare.end(),
                            [](unsigned char c) {
                              return std::isspace(c) != 0 || c == '{' || c == '}' || c == ',' ||
                                     c == ';';
                            }),
             bare.end());
  return bare.size() <= 8 && bare.find('.') == std::string::npos &&
         !(bare.size() > 5 &&
           std::all_of(bare.begin(), bare.end(), [](char c) { return is_ascii_letter(c); }));
}

std::string_view percent_behind(std::string_view rest) {
  rest = trim(rest);
  while (!rest.empty() && (rest[0] == '$' || rest.starts_with("\\)")))
    rest = trim(rest.substr(rest[0] == '$' ? 1 : 2));
  if (rest.starts_with("\\%") || rest.starts_with("%")) return "\\%";
  for (const std::string_view word : {"percent", "pct"}) {
    if (rest.starts_with(word)) return "\\%";
  }
  return {};
}

std::string from_boxes(std::string_view text, const std::vector<Span>& boxes) {
  std::size_t first = boxes.size() - 1;
  while (first > 0 && boxes.size() - first < joined_boxes_max &&
         joins(text.substr(boxes[first - 1].to, boxes[first].from - boxes[first - 1].to)))
    --first;
  std::string joined;
  for (std::size_t i = first; i < boxes.size(); ++i) {
    if (i > first) joined += ", ";
    joined += inside(text, boxes[i]);
  }
  if (first + 1 == boxes.size()) joined += percent_behind(text.substr(boxes.back().to));
  return joined;
}

// $..$, $$..$$, \(..\), \[..\]
std::vector<Span> formulas_of(std::string_view text) {
  std::vector<Span> spans;
  for (std::size_t i = 0; i < text.size();) {
    if (text[i] == '\\' && i + 1 < text.size() && (text[i + 1] == '(' || text[i + 1] == '[')) {
      const std::size_t end = text.find(text[i + 1] == '(' ? "\\)" : "\\]", i + 2);
      if (end == std::string_view::npos) break;
      spans.push_back({i, i + 2, end, end + 2});
      i = end + 2;
    } else if (text[i] == '\\') {
      i += 2;
    } else if (text[i] == '$') {
      const std::size_t width = text.substr(i).starts_with("$$") ? 2 : 1;
      std::size_t end = i + width;
      while (end < text.size() && text[end] != '$') end += text[end] == '\\' ? 2 : 1;
      if (end >= text.size()) break;
      spans.push_back({i, i + width, end, std::min(end + width, text.size())});
      i = spans.back().to;
    } else {
      ++i;
    }
    if (spans.size() > boxes_max) break;
  }
  return spans;
}

std::size_t count_words(std::string_view text) {
  std::size_t words = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (is_ascii_letter(text[i]) && (i == 0 || !is_ascii_letter(text[i - 1]))) ++words;
  }
  return words;
}

// Behind "the answer is" and its like; everything where there is none.
std::string_view behind_announcement(std::string_view text) {
  static constexpr std::array<std::string_view, 19> phrases = {
      "final answer is", "final answer:", "answer is:",     "answer is",   "answer:",
      "answer =",        "答案是",        "答案为",         "答案：",      "答案:",
      "result is",       "solution is",   "solutions are:", "answers are", "therefore,",
      "we get",          "is therefore",  "答：",           "result:"};
  // From the end, so that each phrase is met where it stands last.
  std::array<bool, phrases.size()> met = {};
  std::size_t best = 0;
  for (std::size_t at = text.size(); at-- > 0;) {
    const char first = ascii_lower(text[at]);
    for (std::size_t i = 0; i < phrases.size(); ++i) {
      if (phrases[i][0] != first || met[i] ||
          !starts_with_ignoring_case(text.substr(at), phrases[i]))
        continue;
      met[i] = true;
      const std::size_t behind = at + phrases[i].size();
      if (behind > best && !trim(text.substr(behind)).empty()) best = behind;
    }
  }
  if (best == 0) return text;
  std::string_view rest = trim(text.substr(best));
  if (rest.starts_with(":")) rest = trim(rest.substr(1));
  // "\\text{Answer: }42"
  if (rest.starts_with("}")) rest = trim(rest.substr(1));
  // "\text{Answer: 42}"
  if (rest.ends_with('}') &&
      std::count(rest.begin(), rest.end(), '{') < std::count(rest.begin(), rest.end(), '}'))
    rest.remove_suffix(1);
  return rest;
}

// Up to the end of the sentence; a point between digits ends none.
std::string_view first_sentence(std::string_view text) {
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\n' && i > 0 && text.find("\\begin") == std::string_view::npos)
      return text.substr(0, i);
    if (text[i] == '.' && i + 1 < text.size() &&
        std::isspace(static_cast<unsigned char>(text[i + 1])) != 0 && i > 0 && text[i - 1] != '.') {
      return text.substr(0, i);
    }
  }
  return text;
}

std::string without_delimiters(std::string_view text, const std::vector<Span>& spans) {
  std::string out;
  std::size_t copied = 0;
  for (const Span& span : spans) {
    out += text.substr(copied, span.from - copied);
    out += " ";
    out += inside(text, span);
    out += " ";
    copied = span.to;
  }
  out += text.substr(copied);
  return out;
}

// "at least $12$", "$12$ times the radius": the words around a formula belong to the value.
bool is_part_of_value(std::string_view before, std::string_view behind) {
  const auto clause = before.find_last_of(".,:;\n");
  if (clause != std::string_view::npos) before.remove_prefix(clause + 1);
  static constexpr std::array<std::string_view, 8> operations = {
      "times", "plus", "minus", "mod", "modulo", "more than", "less than", "/"};
  return binds_what_follows(before) ||
         std::any_of(operations.begin(), operations.end(), [&](std::string_view operation) {
           return starts_with_word(behind, operation);
         });
}

// Where formulas stand in a sentence: the last of them, or the whole where the words only join.
std::string from_formulas(std::string_view text, const std::vector<Span>& spans) {
  std::size_t words = 0;
  std::size_t copied = 0;
  for (const Span& span : spans) {
    std::string outside(text.substr(copied, span.from - copied));
    for (const std::string_view word : {"and", "or", "answer", "Answer"})
      replace_all(outside, word, "");
    words += count_words(outside);
    copied = span.to;
  }
  const std::string_view tail = trim(text.substr(copied));
  const bool unit = count_words(tail) <= 2 && tail.find('=') == std::string_view::npos;
  if (words == 0 && unit) {
    std::string out = without_delimiters(text, spans);
    for (const std::string_view word : {"Answer", "answer"}) replace_all(out, word, "");
    return out;
  }
  // "The volume of $V$ is 120": the answer stands behind the formula.
  for (const std::string_view verb : {"is ", "equals ", "= "}) {
    if (tail.starts_with(verb) && count_words(tail) <= 3 &&
        std::any_of(tail.begin(), tail.end(), is_ascii_digit))
      return std::string(tail.substr(verb.size()));
  }
  const std::size_t before = spans.size() > 1 ? spans[spans.size() - 2].to : 0;
  if (is_part_of_value(text.substr(before, spans.back().from - before), tail))
    return without_delimiters(text, spans);
  std::string out(inside(text, spans.back()));
  if (unit && count_words(tail) >= 1 && tail.find('.') == std::string_view::npos)
    out += " " + std::string(tail);
  return out + std::string(percent_behind(tail));
}

std::string_view strip_ends(std::string_view text) {
  while (true) {
    const std::size_t before = text.size();
    text = trim(text);
    while (text.ends_with("**") || text.ends_with("__")) text.remove_suffix(2);
    while (text.starts_with("**")) text.remove_prefix(2);
    while (!text.empty() &&
           (text.back() == '.' || text.back() == ',' || text.back() == ';' || text.back() == ':')) {
      if (text.ends_with("...")) break;
      text.remove_suffix(1);
    }
    // "5\\,": half of a thin space is left where its comma was taken for one of the sentence.
    const auto slashes = text.size() - 1 - std::min(text.find_last_not_of('\\'), text.size() - 1);
    if (slashes % 2 == 1 && slashes < text.size()) text.remove_suffix(1);
    for (const std::string_view mark : {"。", "，", "；", "！", "．"}) {
      if (text.ends_with(mark)) text.remove_suffix(mark.size());
    }
    if (text.size() > 1 && (text.front() == '"' || text.front() == '`') &&
        text.back() == text.front())
      text = text.substr(1, text.size() - 2);
    if (text.size() > 1 && text.front() == '\'' && text.back() == '\'')
      text = text.substr(1, text.size() - 2);
    if (text.size() == before) return text;
  }
}

// The last number (or percentage) of a sentence, and what is written onto it.
std::string last_number(std::string_view text) {
  for (std::size_t i = text.size(); i > 0; --i) {
    if (!is_ascii_digit(text[i - 1])) continue;
    std::size_t from = i;
    while (from > 0 &&
           (is_ascii_digit(text[from - 1]) ||
            ((text[from - 1] == '.' || text[from - 1] == ',' || text[from - 1] == '/') &&
             from > 1 && is_ascii_digit(text[from - 2]))))
      --from;
    if (from > 0 && text[from - 1] == '.') --from;
    if (from > 0 && text[from - 1] == '-' && (from == 1 || !is_ascii_digit(text[from - 2]))) --from;
    const bool in_word = from > 0 && is_ascii_letter(text[from - 1]);
    if (in_word) {
      i = from + 1;
      continue;
    }
    return std::string(text.substr(from, i - from)) + std::string(percent_behind(text.substr(i)));
  }
  return std::string(text);
}

// Four words, of which two differ and are no single letters: a polynomial and a list of lengths
// have as many runs of letters.
bool is_sentence(std::string_view text) {
  constexpr std::size_t words_min = 4;
  constexpr std::size_t different_min = 2;
  if (count_words(text) < words_min || text.find_first_of("\\^+*_") != std::string_view::npos)
    return false;
  std::set<std::string_view> different;
  for (std::size_t i = 0; i < text.size() && different.size() < different_min;) {
    std::size_t end = i;
    while (end < text.size() && is_ascii_letter(text[end])) ++end;
    const std::string_view word = text.substr(i, end - i);
    if (word.size() > 1 && word != "and" && word != "or") different.insert(word);
    i = end + 1;
  }
  return different.size() == different_min;
}

}  // namespace

std::string unwrap(std::string_view text, bool prose) {
  if (const auto thought = find_last(text, "</think>"); thought != std::string_view::npos)
    text = text.substr(thought + 8);
  std::string whole(text);
  if (whole.find("\\\\boxed") != std::string::npos) replace_all(whole, "\\\\boxed", "\\boxed");
  for (int round = 0; round < 4; ++round) {
    const std::vector<Span> boxes = boxes_of(whole);
    if (boxes.empty()) break;
    whole = from_boxes(whole, boxes);
  }
  std::string_view rest = strip_ends(whole);
  const std::string_view announced = behind_announcement(rest);
  if (announced.size() < rest.size()) rest = strip_ends(first_sentence(announced));
  std::vector<Span> spans = formulas_of(rest);
  std::string taken(rest);
  if (!spans.empty()) taken = from_formulas(rest, spans);
  // "$7.78" alone has one dollar sign: money, no formula.
  if (prose && is_sentence(taken) && std::any_of(taken.begin(), taken.end(), is_ascii_digit)) {
    taken = taken.find('=') == std::string::npos && taken.find('<') == std::string::npos &&
                    taken.find('>') == std::string::npos
                ? last_number(taken)
                : taken;
  }
  return std::string(strip_ends(taken));
}

}  // namespace assay::math
