#include "suites/math/phrase.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include "suites/math/asides.h"
#include "suites/math/conclusion.h"
#include "suites/math/math_spans.h"
#include "suites/math/sentences.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t phrase_bytes_max = 2000;
constexpr size_t text_answer_words_max = 12;
constexpr size_t long_text_bytes_min = 200;

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
  static constexpr std::array<std::string_view, 21> reasons = {
      " because", " since ",   ", since", " as we ", ", as ",         ", which",  ", where",
      " (since",  " (because", ", so ",   ", given", " which is the", "，因为",   "因为",
      ", pois",   " porque",   ", car ",  ", denn ", ", weil ",       ", perché", ", так как"};
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
  static constexpr std::array<std::string_view, 16> ends = {
      ".",          ",",    ";",          ":",         "。",          "，",     "；",      "\\\\",
      "<|im_end|>", "</s>", "<|eot_id|>", "</answer>", "\\checkmark", "\\quad", "\\qquad", "\\"};
  for (const std::string_view end : ends) {
    const bool dots = end == "." && text.ends_with("..");
    if (text.ends_with(end) && !dots) {
      text.remove_suffix(end.size());
      // "\\," and "\\;" are blanks of a formula.
      const bool command = text.ends_with('\\') && !text.ends_with("\\\\") && end != "\\\\";
      text.remove_suffix(command ? 1 : 0);
      return true;
    }
  }
  return false;
}

// Takes off what closes something that was opened in front of the phrase: "(Answer: 18)".
std::string_view without_stray_closer(std::string_view phrase) {
  struct Closer {
    std::string_view close;
    std::string_view openers;
  };
  static constexpr std::array<Closer, 5> closers = {
      {{"$$", "$"}, {"\\)", "("}, {"\\]", "["}, {")", "(["}, {"）", "（"}}};
  for (const Closer& closer : closers) {
    const std::string_view rest =
        phrase.substr(0, phrase.size() - std::min(phrase.size(), closer.close.size()));
    if (phrase.ends_with(closer.close) && rest.find_first_of(closer.openers) == rest.npos) {
      return rest;
    }
  }
  return phrase;
}

// "18 долларов", "18ドルです": words of languages whose units are not read. "5万です" is no 5.
bool goes_on_in_far_words(std::string_view phrase) {
  static constexpr std::array<std::string_view, 5> scales = {"万", "億", "千", "百", "亿"};
  if (std::any_of(scales.begin(), scales.end(), [&](std::string_view scale) {
        return phrase.find(scale) != std::string_view::npos;
      })) {
    return false;
  }
  for (size_t at = 0; at < phrase.size(); ++at) {
    const auto lead = static_cast<unsigned char>(phrase[at]);
    const bool chinese = lead >= 0xE4 && lead <= 0xE9;
    const bool letter = is_far_letter(phrase[at]) && !phrase.substr(at).starts_with("π");
    if (letter || (is_cjk(phrase, at) && !chinese)) {
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
  text = text.substr(0, phrase_bytes_max);
  const size_t start = text.find_first_not_of(" \t\r*_");
  const bool new_line = start != std::string_view::npos && text[start] == '\n';
  if (std::string listed = listed_answer(text, new_line); !listed.empty()) {
    return listed;
  }
  text = without_filler(text);
  if (starts_with_word(text, "either")) {
    text = trimmed(text.substr(6));
    text = text.substr(0, text.find_first_of(",\n"));
  }
  const std::vector<MathSpan> spans = math_spans(text).spans;
  if (!spans.empty() && spans.front().begin == 0) {
    return leading_formulas(text, spans);
  }
  const std::string_view phrase = without_reason(text.substr(0, sentence_end(text, spans, 0)));
  if (!is_prose(phrase)) {
    const std::string_view plain = without_stray_closer(without_circumstances(phrase));
    std::string number = leading_number(plain);
    return !number.empty() && goes_on_in_far_words(plain) ? number : clean_answer(plain);
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
