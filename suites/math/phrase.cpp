#include "suites/math/phrase.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "suites/math/math_spans.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t phrase_bytes_max = 2000;
constexpr size_t prose_words_min = 4;
constexpr size_t text_answer_words_max = 12;
constexpr size_t long_text_bytes_min = 200;

bool is_cjk(std::string_view text, size_t at) {
  const auto lead = static_cast<unsigned char>(text[at]);
  return lead >= 0xE4 && lead <= 0xE9;
}

// Words of two letters and more, or two Chinese characters, outside of formulas.
size_t words_outside(std::string_view text, const std::vector<MathSpan>& spans) {
  size_t words = 0;
  size_t characters = 0;
  auto span = spans.begin();
  for (size_t at = 0; at < text.size();) {
    if (span != spans.end() && at >= span->begin) {
      at = std::max(at, span->end);
      ++span;
      continue;
    }
    size_t end = at;
    while (end < text.size() && is_ascii_letter(text[end])) {
      ++end;
    }
    const bool command = at > 0 && text[at - 1] == '\\';
    words += end - at >= 2 && !command ? 1 : 0;
    characters += is_cjk(text, at) ? 1 : 0;
    at = std::max(end, at + 1);
  }
  return words + characters / 2;
}

// The end of the sentence or line that begins at `at`; a full stop inside a formula ends nothing.
size_t sentence_end(std::string_view text, const std::vector<MathSpan>& spans, size_t at) {
  auto span = std::lower_bound(spans.begin(), spans.end(), at,
                               [](const MathSpan& one, size_t place) { return one.end <= place; });
  for (; at < text.size(); ++at) {
    while (span != spans.end() && at >= span->end) {
      ++span;
    }
    if (span != spans.end() && at >= span->begin) {
      at = span->end - 1;
      continue;
    }
    const char c = text[at];
    const bool last = at + 1 == text.size() || is_blank(text[at + 1]) || text[at + 1] == '*';
    if (c == '\n' || ((c == '.' || c == '!' || c == '?') && last) ||
        text.substr(at).starts_with("。") || text.substr(at).starts_with("！")) {
      return at;
    }
  }
  return text.size();
}

// Whether `between` two formulas makes them parts of one answer.
bool is_joint(std::string_view between) {
  between = trimmed(between);
  static constexpr std::array<std::string_view, 11> joints = {
      ",", "and", "or", ", and", ", or", ";", "和", "或", "、", "，", "&"};
  return std::find(joints.begin(), joints.end(), between) != joints.end();
}

std::string inner_of(std::string_view text, const MathSpan& span) {
  std::string_view inner =
      trimmed(text.substr(span.inner_begin, span.inner_end - span.inner_begin));
  // Of rows of working only the last is what it came to.
  if (text.substr(span.begin).starts_with("\\begin{al") && find_last(inner, "\\\\") != inner.npos) {
    const size_t row = find_last(inner, "\\\\");
    if (!trimmed(inner.substr(row + 2)).empty()) {
      inner = inner.substr(row + 2);
    }
  }
  return clean_answer(inner);
}

// A percent or degree sign right behind a formula belongs to its answer.
std::string_view sign_behind(std::string_view text, size_t at) {
  std::string_view rest = text.substr(std::min(at, text.size()));
  while (rest.starts_with(' ')) {
    rest.remove_prefix(1);
  }
  for (const std::string_view sign : {"%", "\\%", "°", "percent", "degrees"}) {
    if (rest.starts_with(sign)) {
      return sign;
    }
  }
  return {};
}

// The spans first..last are one answer: "1, 2" and the sign behind it.
std::string joined(std::string_view text, const std::vector<MathSpan>& spans, size_t first,
                   size_t last) {
  std::string answer;
  for (size_t i = first; i <= last; ++i) {
    answer += (i > first ? ", " : "") + inner_of(text, spans[i]);
  }
  if (const std::string_view sign = sign_behind(text, spans[last].end); !sign.empty()) {
    answer += ' ';
    answer += sign;
  }
  return answer;
}

std::string_view between(std::string_view text, const MathSpan& left, const MathSpan& right) {
  return text.substr(left.end, right.begin - left.end);
}

std::string leading_formulas(std::string_view text, const std::vector<MathSpan>& spans) {
  size_t last = 0;
  while (last + 1 < spans.size() && is_joint(between(text, spans[last], spans[last + 1]))) {
    ++last;
  }
  return joined(text, spans, 0, last);
}

std::string last_formulas(std::string_view text, const std::vector<MathSpan>& spans) {
  const size_t last = spans.size() - 1;
  size_t first = last;
  while (first > 0 && is_joint(between(text, spans[first - 1], spans[first]))) {
    --first;
  }
  return joined(text, spans, first, last);
}

// The last text between ** and **, if it is an answer and no heading ("**Step 3:**").
std::string last_bold(std::string_view text) {
  const size_t close = find_last(text, "**");
  if (close == std::string_view::npos || close < 2) {
    return "";
  }
  const size_t open = find_last(text.substr(0, close), "**");
  if (open == std::string_view::npos || open + 2 >= close) {
    return "";
  }
  const std::string_view inner = trimmed(text.substr(open + 2, close - open - 2));
  const bool heading = inner.ends_with(':') || inner.find('\n') != std::string_view::npos;
  return heading || is_prose(inner) ? "" : clean_answer(inner);
}

bool in_number(std::string_view text, size_t at) {
  static constexpr std::string_view plain = ".,/:^+-$%";
  return is_ascii_digit(text[at]) || plain.find(text[at]) != std::string_view::npos ||
         static_cast<unsigned char>(text[at]) >= 0x80;
}

// The run of digits and what holds numbers together ("3/4", "$1,200", "50%", "2π") that ends last.
std::string last_number(std::string_view text) {
  size_t end = text.size();
  while (end > 0 && !is_ascii_digit(text[end - 1])) {
    --end;
  }
  if (end == 0) {
    return "";
  }
  size_t begin = end;
  while (begin > 0 && in_number(text, begin - 1) && !is_cjk(text, begin - 1)) {
    --begin;
  }
  // A continuation byte at the front belongs to a character that was not taken.
  while (begin < end && (static_cast<unsigned char>(text[begin]) & 0xC0U) == 0x80) {
    ++begin;
  }
  std::string number(text.substr(begin, end - begin));
  number += sign_behind(text, end);
  return clean_answer(number);
}

// "72 clips in all of April and May" leads with its answer.
std::string leading_number(std::string_view text) {
  size_t end = 0;
  while (end < text.size() && in_number(text, end) && !is_cjk(text, end)) {
    ++end;
  }
  const std::string_view run = text.substr(0, end);
  const bool whole = std::any_of(run.begin(), run.end(), is_ascii_digit) &&
                     (end == text.size() || !is_ascii_letter(text[end]));
  return whole ? clean_answer(std::string(run) + std::string(sign_behind(text, end))) : "";
}

// Of a sentence that tells a story: what stands behind its last = sign, its last formula, bold text
// or number.
std::string answer_in_story(std::string_view story) {
  const std::vector<MathSpan> spans = math_spans(story).spans;
  if (!spans.empty()) {
    return last_formulas(story, spans);
  }
  if (std::string bold = last_bold(story); !bold.empty()) {
    return bold;
  }
  const size_t equals = story.rfind('=');
  if (equals != std::string_view::npos) {
    const std::string_view behind = trimmed(story.substr(equals + 1));
    if (!is_prose(behind)) {
      return clean_answer(behind);
    }
    if (std::string number = leading_number(behind); !number.empty()) {
      return number;
    }
  }
  return last_number(story);
}

// Cuts "1/2 (one half)" before its aside; "12 (mod 7)" and "(1, 2)" have none.
std::string_view without_aside(std::string_view phrase) {
  while (phrase.ends_with('*') || phrase.ends_with(' ')) {
    phrase.remove_suffix(1);
  }
  const size_t open = find_last(phrase, " (");
  if (open == std::string_view::npos || open == 0 || !phrase.ends_with(')')) {
    return phrase;
  }
  return words_outside(phrase.substr(open), {}) >= 2 ? phrase.substr(0, open) : phrase;
}

// Cuts "5, because ..." before its reason.
std::string_view without_reason(std::string_view phrase) {
  static constexpr std::array<std::string_view, 14> reasons = {
      " because", " since ",   ", since", " as we ", ", as ",         ", which", ", where",
      " (since",  " (because", ", so ",   ", given", " which is the", "，因为",  "因为"};
  size_t end = phrase.size();
  for (const std::string_view reason : reasons) {
    const size_t at = phrase.find(reason);
    if (at != 0) {
      end = std::min(end, at);
    }
  }
  return without_aside(phrase.substr(0, end));
}

// Words that stand in front of an answer and say nothing of it.
std::string_view without_filler(std::string_view text) {
  static constexpr std::array<std::string_view, 17> fillers = {
      "approximately", "about", "simply",  "just",    "thus", "exactly",
      "therefore",     "then",  "indeed",  "clearly", "now",  "equal to",
      "given by",      "still", "roughly", "约为",    "大约"};
  bool again = true;
  while (again) {
    again = false;
    while (!text.empty() && (is_blank(text.front()) || text.front() == '*' || text.front() == ':' ||
                             text.front() == ',' || text.front() == '>' || text.front() == '_')) {
      text.remove_prefix(1);
    }
    for (const std::string_view filler : fillers) {
      if (starts_with_word(text, filler)) {
        text.remove_prefix(filler.size());
        again = true;
      }
    }
  }
  return text;
}

struct Wrapper {
  std::string_view open;
  std::string_view close;
};

// Takes one pair of `wrapper` off, where it wraps all of the text as one.
bool unwrap(std::string_view& text, const Wrapper& wrapper) {
  if (text.size() <= wrapper.open.size() + wrapper.close.size() ||
      !text.starts_with(wrapper.open) || !text.ends_with(wrapper.close)) {
    return false;
  }
  const std::string_view inner =
      text.substr(wrapper.open.size(), text.size() - wrapper.open.size() - wrapper.close.size());
  if (inner.find(wrapper.open) != std::string_view::npos ||
      inner.find(wrapper.close) != std::string_view::npos) {
    return false;
  }
  text = inner;
  return true;
}

bool drop_end(std::string_view& text) {
  static constexpr std::array<std::string_view, 12> ends = {
      ".",  ",",    ";",          ":",    "。",         "，",
      "；", "\\\\", "<|im_end|>", "</s>", "<|eot_id|>", "</answer>"};
  for (const std::string_view end : ends) {
    const bool dots = end == "." && text.ends_with("..");
    if (text.ends_with(end) && !dots) {
      text.remove_suffix(end.size());
      return true;
    }
  }
  return false;
}

}  // namespace

std::string clean_answer(std::string_view text) {
  static constexpr std::array<Wrapper, 9> wrappers = {{{"$$", "$$"},
                                                       {"$", "$"},
                                                       {"\\(", "\\)"},
                                                       {"\\[", "\\]"},
                                                       {"**", "**"},
                                                       {"__", "__"},
                                                       {"`", "`"},
                                                       {"\"", "\""},
                                                       {"“", "”"}}};
  for (bool changed = true; changed;) {
    text = trimmed(text);
    changed = drop_end(text) || std::any_of(wrappers.begin(), wrappers.end(),
                                            [&](const Wrapper& w) { return unwrap(text, w); });
    // Half a pair of asterisks stays behind where a sentence was cut inside bold text.
    while (text.ends_with("**") || text.starts_with("**")) {
      text = text.ends_with("**") ? text.substr(0, text.size() - 2) : text.substr(2);
      changed = true;
    }
  }
  return std::string(text);
}

std::string announced_answer(std::string_view text, bool behind_colon) {
  text = without_filler(text.substr(0, phrase_bytes_max));
  const std::vector<MathSpan> spans = math_spans(text).spans;
  if (!spans.empty() && spans.front().begin == 0) {
    return leading_formulas(text, spans);
  }
  const std::string_view phrase = without_reason(text.substr(0, sentence_end(text, spans, 0)));
  if (!is_prose(phrase)) {
    return clean_answer(phrase);
  }
  if (std::string number = leading_number(phrase); !number.empty()) {
    return number;
  }
  if (std::string answer = answer_in_story(phrase); !answer.empty()) {
    return answer;
  }
  const bool short_text = words_outside(phrase, {}) <= text_answer_words_max;
  return behind_colon && short_text ? clean_answer(phrase) : "";
}

std::string concluded_answer(std::string_view paragraph) {
  const std::string_view whole = trimmed(paragraph);
  const std::vector<MathSpan> spans = math_spans(whole).spans;
  std::string_view sentence = whole;
  for (size_t begin = 0; begin < whole.size();) {
    const size_t end = sentence_end(whole, spans, begin);
    if (!trimmed(whole.substr(begin, end - begin)).empty()) {
      sentence = trimmed(whole.substr(begin, end - begin));
    }
    begin = end + 1;
  }
  if (std::string answer = answer_in_story(sentence); !answer.empty()) {
    return answer;
  }
  return answer_in_story(paragraph);
}

bool is_prose(std::string_view text) {
  return words_outside(text, math_spans(text).spans) >= prose_words_min;
}

bool breaks_off(std::string_view text) {
  if (math_spans(text).open_at_end) {
    return true;
  }
  text = trimmed(text);
  if (text.empty()) {
    return true;
  }
  static constexpr std::string_view open_ends = "+-*/=<([{,:&";
  const bool bold = text.ends_with("**");
  if (text.back() == '\\' || text.ends_with("\\$")) {
    return true;  // in the middle of a command
  }
  if (!bold && open_ends.find(text.back()) != std::string_view::npos) {
    return true;
  }
  const size_t line = text.rfind('\n');
  const std::string_view last = line == std::string_view::npos ? text : text.substr(line + 1);
  if (std::count(last.begin(), last.end(), '(') > std::count(last.begin(), last.end(), ')') &&
      last.find(']') == std::string_view::npos) {
    return true;  // an interval such as (1, 2] is closed by its other bracket
  }
  // A long text whose last line tells something stops at a full stop, or near its number.
  if (text.size() < long_text_bytes_min || !is_prose(last) || !is_ascii_letter(text.back())) {
    return false;
  }
  const size_t digit = last.find_last_of("0123456789$");
  return digit == std::string_view::npos || words_outside(last.substr(digit), {}) >= 3;
}

}  // namespace assay::math
