#include "suites/math/choice.h"

#include <algorithm>
#include <array>
#include <cassert>
#include <iterator>
#include <optional>

#include "suites/math/answer_markers.h"
#include "suites/math/boxed.h"
#include "suites/math/choice_rules.h"
#include "suites/math/choice_statements.h"
#include "suites/math/final_answer.h"
#include "suites/math/phrase.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t window_bytes = 300;  // of what an announcement announces
constexpr size_t last_part_bytes = 1500;
// Less than where other answers are looked for, since the rules for those may follow the ones here.
constexpr size_t read_bytes_max = 1600;
constexpr size_t announcements_max = 5;  // looked at, from the end: each costs a comparison

ChoiceAnswer answer(char letter, std::string_view extracted, std::string how) {
  return {letter, spelled(letters_of(letter)), std::string(extracted), std::move(how)};
}

ChoiceAnswer by_letters(Letters letters, bool alternatives, const std::string& how) {
  const std::string all = spelled(letters);
  if (all.size() == 1) {
    return answer(all.front(), all, how + ", by letter");
  }
  return {0, alternatives ? "" : all, all,
          how + (alternatives ? ": one of several letters" : ": several letters")};
}

// One look at a stretch that should hold the answer: its leading letters, else its content.
std::optional<ChoiceAnswer> look_at(std::string_view stretch, Options& options,
                                    const std::string& how) {
  const ChoiceToken leading =
      ChoiceText(stretch.substr(0, window_bytes), options.size(), options.judged()).leading();
  const bool surely = only_letter(leading.letters) != 0 && !leading.lower;
  if (surely) {
    return by_letters(leading.letters, leading.alternatives, how);
  }
  if (const char letter = options.by_content(stretch)) {
    return answer(letter, stretch, how + ", by content");
  }
  if (leading.letters != 0) {
    return by_letters(leading.letters, leading.alternatives, how);
  }
  if (const char letter = lower_case_letter(stretch, options.size())) {
    return answer(letter, stretch, how + ", by letter");
  }
  return std::nullopt;
}

// "A: Let me think" names who speaks.
bool is_spoken(std::string_view line) {
  return line.starts_with("A:") && !trimmed(line.substr(2)).empty();
}

// A response on its way to its answer: each rule may take what the text says of letters into
// account.
class Reading {
 public:
  Reading(std::string_view text, Options& options)
      : text_(text),
        options_(options),
        read_(text, options.size(), options.judged()),
        statements_(read_.statements()) {}

  std::optional<ChoiceAnswer> from_short_text();
  std::optional<ChoiceAnswer> from_announcement();
  std::optional<ChoiceAnswer> from_first_line();
  ChoiceAnswer from_end();

 private:
  // Whether the last that is said of a letter is that it is not the answer.
  bool is_rejected(char letter) const {
    bool rejected = false;
    for (const LetterStatement& statement : statements_) {
      if ((statement.letters & letters_of(letter)) != 0) {
        rejected = statement.claim == Claim::rejected || statement.claim == Claim::supposed;
      }
    }
    return rejected;
  }

  // The answer, unless the text rejects it.
  std::optional<ChoiceAnswer> kept(std::optional<ChoiceAnswer> found) const {
    return found && found->letter != 0 && is_rejected(found->letter) ? std::nullopt : found;
  }

  std::optional<ChoiceAnswer> announced(const AnswerMarker& marker, size_t end);
  std::optional<ChoiceAnswer> revised_behind(size_t place) const;
  std::optional<ChoiceAnswer> by_statements(size_t from, const std::string& how) const;
  std::optional<ChoiceAnswer> by_name(size_t from) const;
  bool ends_options(std::string_view line) const;
  std::optional<ChoiceAnswer> from_content(std::string_view line);

  std::string_view text_;
  Options& options_;
  ChoiceText read_;
  std::vector<LetterStatement> statements_;
};

std::optional<ChoiceAnswer> Reading::from_short_text() {
  const bool one_line = text_.find('\n') == std::string_view::npos && !is_prose(text_) &&
                        text_.find("\\boxed") == std::string_view::npos;
  if (!one_line || (!statements_.empty() && statements_.front().claim != Claim::mentioned)) {
    return std::nullopt;
  }
  return is_spoken(text_) ? std::nullopt
                          : kept(look_at(clean_answer(text_), options_, "the text is the answer"));
}

std::optional<ChoiceAnswer> Reading::announced(const AnswerMarker& marker, size_t end) {
  const std::string_view rest = text_.substr(0, end).substr(marker.rest);
  const ChoiceToken leading = ChoiceText(rest, options_.size(), options_.judged()).leading();
  if (only_letter(leading.letters) != 0 && !leading.lower) {
    return by_letters(leading.letters, leading.alternatives, "answer announced");
  }
  const std::string content = announced_answer(rest, marker.colon);
  if (leading.letters == 0 || options_.by_content(content) != 0) {
    if (auto found = look_at(content, options_, "answer announced")) {
      return found;
    }
  }
  if (leading.letters != 0) {
    return by_letters(leading.letters, leading.alternatives, "answer announced");
  }
  // The announced sentence may name an option by all of its words.
  const size_t line = rest.find('\n');
  if (const char letter = options_.named_in(rest.substr(0, line))) {
    return answer(letter, rest.substr(0, line), "answer announced, by an option's words");
  }
  return std::nullopt;
}

// "I'm changing my answer to C", "Correction: C"
std::optional<ChoiceAnswer> Reading::revised_behind(size_t place) const {
  for (auto last = statements_.rbegin(); last != statements_.rend() && last->begin > place;
       ++last) {
    if (last->claim == Claim::pointed && (last->announced || last->revised)) {
      return by_letters(last->letters, last->alternatives, "answer announced");
    }
  }
  return std::nullopt;
}

std::optional<ChoiceAnswer> Reading::from_announcement() {
  const std::vector<AnswerMarker> markers = answer_markers(text_);
  size_t next = text_.size();
  size_t seen = 0;
  for (auto marker = markers.rbegin(); marker != markers.rend() && seen < announcements_max;
       ++marker, ++seen) {
    const size_t end = std::min(std::max(next, marker->rest), marker->rest + window_bytes);
    next = marker->begin;
    // "A:" labels an option here as often as an answer.
    const bool label = marker->kind == MarkerKind::short_label && text_[marker->begin] == 'A';
    const auto [standing, behind] = read_.standing(marker->begin, marker->rest);
    if (standing == Standing::withdrawn) {
      return by_statements(behind, "after an answer that is withdrawn")
          .value_or(answer(0, "", "the answer announced is withdrawn"));
    }
    if (standing == Standing::supposed || label) {
      continue;
    }
    if (auto found = announced(*marker, end)) {
      const auto revised = revised_behind(marker->rest);
      return revised ? revised : found;
    }
  }
  return std::nullopt;
}

std::string_view last_line(std::string_view text) {
  const size_t line = text.rfind('\n');
  return trimmed(line == std::string_view::npos ? text : text.substr(line + 1));
}

// "(B)" or "B. ..." and then why; where other options have lines of their own it is one of a list.
std::optional<ChoiceAnswer> Reading::from_first_line() {
  if (statements_.empty() || statements_.front().claim != Claim::mentioned) {
    return std::nullopt;
  }
  const std::string_view first = trimmed(text_.substr(0, text_.find('\n')));
  const ChoiceToken leading =
      ChoiceText(first.substr(0, window_bytes), options_.size(), options_.judged()).leading();
  const bool alone = leading.end >= clean_answer(first).size();
  const bool dressed = leading.label || leading.bracketed || alone;
  const bool listed =
      std::any_of(statements_.begin(), statements_.end(), [&](const LetterStatement& statement) {
        return statement.label && statement.letters != leading.letters;
      });
  const char letter = only_letter(leading.letters);
  const bool labelled = letter != 0 && !leading.lower && dressed && !listed && !is_spoken(first);
  return labelled ? kept(answer(letter, std::string_view(&letter, 1), "first line")) : std::nullopt;
}

// What the statements behind a place come to.
std::optional<ChoiceAnswer> Reading::by_statements(size_t from, const std::string& how) const {
  std::vector<LetterStatement> behind;
  std::copy_if(statements_.begin(), statements_.end(), std::back_inserter(behind),
               [&](const LetterStatement& statement) { return statement.begin >= from; });
  const LetterStatement said = conclusion(behind, options_.size());
  return said.letters == 0 ? std::nullopt
                           : std::optional(by_letters(said.letters, said.alternatives, how));
}

// The letter last named as an option, where no other is named beside it.
std::optional<ChoiceAnswer> Reading::by_name(size_t from) const {
  Letters named = 0;
  Letters labels = 0;
  for (const LetterStatement& statement : statements_) {
    labels |= statement.label ? statement.letters : 0;
  }
  size_t line = 0;
  for (auto last = statements_.rbegin(); last != statements_.rend() && last->begin >= from;
       ++last) {
    const bool listed = last->label && (only_letter(labels) == 0 || is_spoken(text_));
    if (last->claim != Claim::mentioned || !last->named || listed) {
      continue;
    }
    if (named == 0) {
      const size_t before = text_.substr(0, last->begin).rfind('\n');
      line = before == std::string_view::npos ? 0 : before;
    } else if (last->begin < line) {
      break;
    }
    named |= last->letters;
  }
  const char letter = only_letter(named);
  if (letter == 0) {
    return std::nullopt;
  }
  return kept(answer(letter, std::string_view(&letter, 1), "last letter named"));
}

// Whether the line is the end of the options told once more: those in front of it are labelled too.
bool Reading::ends_options(std::string_view line) const {
  const ChoiceToken leading =
      ChoiceText(line.substr(0, window_bytes), options_.size(), options_.judged()).leading();
  Letters labels = 0;
  for (const LetterStatement& statement : statements_) {
    labels |= statement.label ? statement.letters : 0;
  }
  return leading.label && leading.letters > 1 && labels == 2 * leading.letters - 1;
}

std::optional<ChoiceAnswer> Reading::from_content(std::string_view line) {
  if (!options_.lists_all(line) && !is_spoken(line)) {
    if (auto found = kept(look_at(clean_answer(line), options_, "last line"))) {
      return found;
    }
  }
  return std::nullopt;
}

ChoiceAnswer Reading::from_end() {
  const std::string_view line = last_line(text_);
  const auto from = static_cast<size_t>(line.data() - text_.data());
  if (auto found = by_statements(from, "last line")) {
    return *found;
  }
  if (auto found = by_name(from)) {
    return *found;
  }
  const bool told_again = ends_options(line);
  if (auto found = told_again ? std::nullopt : from_content(line)) {
    return *found;
  }
  if (auto found = by_statements(0, "letter called right")) {
    return *found;
  }
  const Extraction concluded = final_answer(text_);
  if (!concluded.text.empty() && !told_again && !options_.lists_all(text_)) {
    if (const char letter = options_.by_content(concluded.text)) {
      if (auto found = kept(answer(letter, concluded.text, concluded.how + ", by content"))) {
        return *found;
      }
    }
  }
  const std::string_view named = told_again ? "" : closing_part(line, last_part_bytes);
  if (const char letter = options_.named_in(named)) {
    if (auto found = kept(answer(letter, line, "last line, by an option's words"))) {
      return *found;
    }
  }
  if (auto found = by_name(text_.size() - std::min(text_.size(), last_part_bytes))) {
    return *found;
  }
  return answer(0, concluded.text,
                concluded.text.empty()
                    ? concluded.how
                    : concluded.how + ": no letter, and the content of no option");
}

// Whether two boxes with this between them are parts of one answer.
bool joins(std::string_view between, size_t options) {
  constexpr size_t joint_bytes_max = 40;
  const std::vector<ChoiceToken> tokens = between.size() <= joint_bytes_max
                                              ? choice_tokens(between, options)
                                              : std::vector<ChoiceToken>(1);
  return std::all_of(tokens.begin(), tokens.end(), [](const ChoiceToken& token) {
    return token.is(role::comma | role::joint_and | role::joint_or);
  });
}

std::optional<ChoiceAnswer> from_box(std::string_view text, Options& options) {
  const std::vector<Box> all = last_boxes(text);
  if (all.empty()) {
    return std::nullopt;
  }
  const std::string_view behind = text.substr(std::min(all.back().end, text.size()));
  if (ChoiceText(behind.substr(0, window_bytes), options.size(), options.judged()).takes_back()) {
    return Reading(closing_part(behind, read_bytes_max), options).from_end();
  }
  const std::string content = clean_answer(all.back().content);
  auto found = look_at(content, options, "last \\boxed");
  if (!found) {
    return answer(0, content, "last \\boxed: no letter, and the content of no option");
  }
  if (all.size() > 1 && found->letter != 0) {
    const Box& before = all[all.size() - 2];
    const std::string_view between =
        text.substr(before.end, all.back().begin - std::min(before.end, all.back().begin));
    const auto other = joins(between, options.size())
                           ? look_at(clean_answer(before.content), options, "last \\boxed")
                           : std::nullopt;
    if (other && other->letter != 0) {
      const bool either = between.find("or") != std::string_view::npos;
      return by_letters(letters_of(found->letter) | letters_of(other->letter), either,
                        "last boxes, joined");
    }
  }
  return found;
}

ChoiceAnswer read_final_choice(std::string_view response, Options& options) {
  const std::string_view whole = trimmed(inside_answer_tag(trimmed(answering_part(response))));
  const std::string_view text = closing_part(whole, read_bytes_max);
  if (text.empty()) {
    return answer(0, "", "no text behind the reasoning");
  }
  Reading reading(text, options);
  if (auto found = reading.from_short_text()) {
    return *found;
  }
  if (auto found = from_box(closing_part(whole, 2 * closing_bytes_max), options)) {
    return *found;
  }
  if (auto found = reading.from_announcement()) {
    return *found;
  }
  if (auto found = reading.from_first_line()) {
    return *found;
  }
  if (breaks_off(text)) {
    return answer(0, "", "the text breaks off before an answer");
  }
  return reading.from_end();
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

std::string gold_letters(std::string_view gold, size_t options) {
  if (const char letter = gold_letter(gold, options)) {
    return {letter};
  }
  Letters letters = 0;
  for (const char c : gold) {
    const Letters letter =
        gold_letter(std::string_view(&c, 1), options) == 0 || c >= 'a' ? 0 : letters_of(c);
    static constexpr std::string_view between = " ,;()[]";
    if (letter == 0 ? between.find(c) == std::string_view::npos : (letters & letter) != 0) {
      return "";
    }
    letters |= letter;
  }
  return spelled(letters);
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
