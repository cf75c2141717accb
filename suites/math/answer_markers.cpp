#include "suites/math/answer_markers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

// Between "answer" and its verb there may stand "to the first part of the question": so many bytes.
constexpr size_t gap_bytes_max = 80;
constexpr size_t answer_words_max = 128;  // that are looked at

// What may stand between an announcement and what it announces without meaning anything.
size_t skip_decoration(std::string_view text, size_t at) {
  while (at < text.size()) {
    const char c = text[at];
    if (c == ' ' || c == '\t' || c == '*' || c == '_' || c == '>' || c == '`') {
      ++at;
    } else if (text.substr(at).starts_with("\xC2\xA0")) {
      at += 2;
    } else {
      break;
    }
  }
  return at;
}

// The byte after a colon of any script, else `at`.
size_t skip_colon(std::string_view text, size_t at) {
  if (at >= text.size() || (text[at] != ':' && text[at] != '\xEF')) {
    return at;
  }
  for (const std::string_view colon : {":", "："}) {
    if (text.substr(at).starts_with(colon)) {
      return at + colon.size();
    }
  }
  return at;
}

struct Announced {
  size_t rest = 0;
  bool colon = false;
};

// After a verb there may still be a colon: "the answer is: 5".
Announced after_verb(std::string_view text, size_t at) {
  at = skip_decoration(text, at);
  at = skip_colon(text, at);
  return {skip_decoration(text, at), false};
}

// "Answer the following questions:" and "Answer choices:" ask, they do not announce.
bool is_request(std::string_view behind_answer) {
  static constexpr std::array<std::string_view, 10> starts = {
      "the", "this", "these", "following", "all", "each", "choices", "choice", "options", "key"};
  return std::any_of(starts.begin(), starts.end(), [&](std::string_view start) {
    return starts_with_word(behind_answer, start);
  });
}

// From behind "answer": the colon or the verb that announces, within the same clause.
std::optional<Announced> announced_after_answer(std::string_view text, size_t at) {
  static constexpr std::array<std::string_view, 9> verbs = {
      "is", "are", "was", "equals", "becomes", "must be", "should be", "would be", "will be"};
  if (text.substr(at).starts_with("(s)")) {
    at += 3;
  } else if (at < text.size() && (text[at] == 's' || text[at] == 'S')) {
    ++at;
  }
  const size_t plain = skip_decoration(text, at);
  const bool equals = text.substr(plain).starts_with("=");
  const size_t colon = equals ? plain + 1 : skip_colon(text, plain);
  if (colon != plain) {
    return Announced{skip_decoration(text, colon), true};
  }
  const bool answered = at < text.size() && is_ascii_letter(text[at]);
  if (answered || is_request(text.substr(plain))) {
    return std::nullopt;
  }
  const size_t end = std::min(text.size(), at + gap_bytes_max);
  for (size_t i = plain; i < end; ++i) {
    const char c = text[i];
    if (c == '\n' || c == '?' || c == '!' || c == ';' ||
        (c == '.' && i + 1 < end && text[i + 1] == ' ')) {
      return std::nullopt;
    }
    if (is_ascii_letter(c)) {
      if (is_ascii_letter(text[i - 1])) {
        continue;
      }
      const auto verb = std::find_if(verbs.begin(), verbs.end(), [&](std::string_view one) {
        return one.front() == ascii_lower(c) && starts_with_word(text.substr(i), one);
      });
      if (verb != verbs.end()) {
        return after_verb(text, i + verb->size());
      }
      continue;
    }
    if (const size_t behind = skip_colon(text, i); behind != i) {
      return Announced{skip_decoration(text, behind), true};
    }
  }
  return std::nullopt;
}

// "not 5", "unknown", "given by the template Answer: $ANSWER", "of the form ..."
bool announces_nothing(std::string_view rest) {
  static constexpr std::array<std::string_view, 8> denials = {
      "not", "in the form", "of the form", "wrong", "incorrect", "correct", "$ANSWER", "$LETTER"};
  if (rest.empty()) {
    return true;
  }
  return std::any_of(denials.begin(), denials.end(),
                     [&](std::string_view denial) { return starts_with_word(rest, denial); });
}

// Whether the text before `at` ends in `word`, markdown and blanks between them looked through.
bool preceded_by(std::string_view text, size_t at, std::string_view word) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '*' || text[at - 1] == '_')) {
    --at;
  }
  return at >= word.size() && equal_ignoring_case(text.substr(at - word.size(), word.size()), word);
}

bool starts_line(std::string_view text, size_t at) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '*' || text[at - 1] == '#' ||
                    text[at - 1] == '>' || text[at - 1] == '\t')) {
    --at;
  }
  return at == 0 || text[at - 1] == '\n';
}

std::optional<AnswerMarker> english_marker(std::string_view text, size_t at) {
  if (!starts_with_ignoring_case(text.substr(at), "answer") ||
      (at > 0 && is_ascii_letter(text[at - 1]))) {
    return std::nullopt;
  }
  const std::optional<Announced> announced = announced_after_answer(text, at + 6);
  if (!announced || announces_nothing(text.substr(announced->rest))) {
    return std::nullopt;
  }
  const bool is_final = preceded_by(text, at, "final");
  return AnswerMarker{is_final ? MarkerKind::final_answer : MarkerKind::answer, announced->colon,
                      at, announced->rest};
}

std::optional<AnswerMarker> chinese_marker(std::string_view text, size_t at) {
  constexpr std::string_view answer = "答案";
  if (!text.substr(at).starts_with(answer)) {
    return std::nullopt;
  }
  size_t behind = skip_decoration(text, at + answer.size());
  bool colon = false;
  bool announced = false;
  for (const std::string_view verb : {"应该是", "应当是", "应为", "就是", "等于", "是", "为"}) {
    if (text.substr(behind).starts_with(verb)) {
      behind = skip_decoration(text, behind + verb.size());
      announced = true;
      break;
    }
  }
  if (const size_t after = skip_colon(text, behind); after != behind) {
    behind = after;
    colon = !announced;
    announced = true;
  }
  if (!announced || text.substr(behind).starts_with("什么") ||
      text.substr(behind).starts_with("多少")) {
    return std::nullopt;
  }
  const bool is_final = preceded_by(text, at, "最终") || preceded_by(text, at, "最后") ||
                        preceded_by(text, at, "最终的") || preceded_by(text, at, "最后的");
  return AnswerMarker{is_final ? MarkerKind::final_answer : MarkerKind::answer, colon, at,
                      skip_decoration(text, behind)};
}

std::optional<AnswerMarker> short_marker(std::string_view text, size_t at) {
  for (const std::string_view label : {"A:", "A：", "答:", "答："}) {
    if (text.substr(at).starts_with(label) && starts_line(text, at)) {
      return AnswerMarker{MarkerKind::short_label, true, at,
                          skip_decoration(text, at + label.size())};
    }
  }
  return std::nullopt;
}

}  // namespace

std::vector<AnswerMarker> answer_markers(std::string_view text) {
  std::vector<AnswerMarker> markers;
  size_t words = 0;
  // From the end, since the last ones count and those by the hundred before them do not.
  for (size_t at = text.size(); at-- > 0 && words < answer_words_max;) {
    const char c = text[at];
    std::optional<AnswerMarker> marker;
    if (c == 'a' || c == 'A') {
      words += starts_with_ignoring_case(text.substr(at), "answer") ? 1 : 0;
      marker = english_marker(text, at);
    }
    if (c == '\xE7') {  // the first byte of 答
      words += text.substr(at).starts_with("答案") ? 1 : 0;
      marker = chinese_marker(text, at);
    }
    if (!marker && (c == 'A' || c == '\xE7')) {
      marker = short_marker(text, at);
    }
    if (marker) {
      markers.push_back(*marker);
    }
  }
  std::reverse(markers.begin(), markers.end());
  return markers;
}

}  // namespace assay::math
