#include "suites/math/choice.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <optional>

#include "suites/math/answer_markers.h"
#include "suites/math/boxed.h"
#include "suites/math/choice_rules.h"
#include "suites/math/final_answer.h"
#include "suites/math/math_spans.h"
#include "suites/math/phrase.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t window_bytes = 300;  // of what an announcement announces
constexpr size_t last_part_bytes = 1500;
constexpr size_t announcements_max = 8;  // looked at, from the end: each costs a comparison

ChoiceAnswer answer(char letter, std::string_view extracted, std::string how) {
  return {letter, std::string(extracted), std::move(how)};
}

// One look at a stretch that should hold the answer: its leading letter, else its content.
std::optional<ChoiceAnswer> look_at(std::string_view stretch, Options& options,
                                    const std::string& how) {
  if (const char letter = leading_letter(stretch, options.size())) {
    return answer(letter, std::string_view(&letter, 1), how + ", by letter");
  }
  if (const char letter = options.by_content(stretch)) {
    return answer(letter, stretch, how + ", by content");
  }
  if (const char letter = lower_case_letter(stretch, options.size())) {
    return answer(letter, stretch, how + ", by letter");
  }
  return std::nullopt;
}

std::optional<ChoiceAnswer> from_box(std::string_view text, Options& options) {
  const std::vector<Box> all = last_boxes(text);
  if (all.empty()) {
    return std::nullopt;
  }
  const std::string content = clean_answer(all.back().content);
  if (auto found = look_at(content, options, "last \\boxed")) {
    return found;
  }
  return answer(0, content, "last \\boxed: no letter, and the content of no option");
}

std::optional<ChoiceAnswer> from_announcement(std::string_view text, Options& options) {
  const std::vector<AnswerMarker> markers = answer_markers(text);
  size_t next = text.size();
  size_t seen = 0;
  for (auto marker = markers.rbegin(); marker != markers.rend() && seen < announcements_max;
       ++marker, ++seen) {
    const size_t end = std::min(std::max(next, marker->rest), marker->rest + window_bytes);
    next = marker->begin;
    const std::string_view rest = text.substr(0, end).substr(marker->rest);
    if (const char letter = leading_letter(rest, options.size())) {
      return answer(letter, std::string_view(&letter, 1), "answer announced, by letter");
    }
    const std::string content = announced_answer(rest, marker->colon);
    if (auto found = look_at(content, options, "answer announced")) {
      return found;
    }
    // The announced sentence may name an option by all of its words.
    const size_t line = rest.find('\n');
    if (const char letter = options.named_in(rest.substr(0, line))) {
      return answer(letter, rest.substr(0, line), "answer announced, by an option's words");
    }
  }
  return std::nullopt;
}

std::string_view last_line(std::string_view text) {
  const size_t line = text.rfind('\n');
  return trimmed(line == std::string_view::npos ? text : text.substr(line + 1));
}

std::optional<ChoiceAnswer> from_first_line(std::string_view text, const Options& options) {
  const std::string_view first = trimmed(text.substr(0, text.find('\n')));
  const char letter = leading_letter(first, options.size());
  const bool labelled = letter != 0 && letter_stands_out(first);
  return labelled ? std::optional(answer(letter, std::string_view(&letter, 1), "first line"))
                  : std::nullopt;
}

std::optional<ChoiceAnswer> from_end(std::string_view text, Options& options) {
  const std::string_view line = last_line(text);
  if (const char letter = last_named_letter(line, options.size())) {
    return answer(letter, std::string_view(&letter, 1), "last line, by letter");
  }
  if (auto found = look_at(clean_answer(line), options, "last line")) {
    return found;
  }
  const Extraction conclusion = final_answer(text);
  if (!conclusion.text.empty()) {
    if (const char letter = options.by_content(conclusion.text)) {
      return answer(letter, conclusion.text, conclusion.how + ", by content");
    }
  }
  const std::string_view end = text.substr(text.size() - std::min(text.size(), last_part_bytes));
  if (const char letter = options.named_in(line)) {
    return answer(letter, line, "last line, by an option's words");
  }
  if (const char letter = last_named_letter(end, options.size())) {
    return answer(letter, std::string_view(&letter, 1), "last letter named");
  }
  if (!conclusion.text.empty()) {
    return answer(0, conclusion.text, conclusion.how + ": no letter, and the content of no option");
  }
  return answer(0, "", conclusion.how);
}

ChoiceAnswer read_final_choice(std::string_view response, Options& options) {
  const std::string_view whole = trimmed(answering_part(response));
  // Half of where other answers are looked for, since the rules for those may follow the ones here.
  const std::string_view text = closing_part(whole, closing_bytes_max / 2);
  if (text.empty()) {
    return answer(0, "", "no text behind the reasoning");
  }
  const bool one_line = text.find('\n') == std::string_view::npos && !is_prose(text) &&
                        text.find("\\boxed") == std::string_view::npos;
  if (one_line) {
    if (auto found = look_at(clean_answer(text), options, "the text is the answer")) {
      return *found;
    }
  }
  for (const auto& [rule, part] :
       {std::pair(&from_box, closing_part(whole, response_bytes_max / 2)),
        std::pair(&from_announcement, text)}) {
    if (auto found = rule(part, options)) {
      return *found;
    }
  }
  if (auto found = from_first_line(whole, options)) {
    return *found;
  }
  if (breaks_off(text)) {
    return answer(0, "", "the text breaks off before an answer");
  }
  return *from_end(text, options);
}

}  // namespace

ChoiceAnswer read_choice(std::string_view convention, std::string_view response,
                         const std::vector<std::string>& options) {
  assert(!options.empty() && options.size() <= options_max);
  response = convention == "final-choice" ? response : examined_part(response);
  if (convention == "mmlu-pro") {
    return read_mmlu_pro(response);
  }
  if (convention == "simple-evals") {
    return read_simple_evals_choice(response, options.size());
  }
  if (convention == "mlperf-r1") {
    return read_mlperf_choice(response, options.size());
  }
  if (convention == "lm-eval-gpqa") {
    return read_lm_eval_gpqa(response);
  }
  assert(convention == "final-choice");
  Options sought(options);
  return read_final_choice(response, sought);
}

const std::vector<std::string>& choice_conventions() {
  static const std::vector<std::string> names = {"final-choice", "mmlu-pro", "simple-evals",
                                                 "mlperf-r1", "lm-eval-gpqa"};
  return names;
}

char gold_letter(std::string_view gold, size_t options) {
  gold = trimmed(gold);
  if (gold.size() == 3 && gold.front() == '(' && gold.back() == ')') {
    gold = gold.substr(1, 1);
  }
  if (gold.size() != 1 || !is_ascii_letter(gold[0])) {
    return 0;
  }
  const char letter = static_cast<char>(ascii_lower(gold[0]) - 32);
  return static_cast<size_t>(letter - 'A') < options ? letter : '\0';
}

}  // namespace assay::math
