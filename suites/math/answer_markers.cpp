#include "suites/math/answer_markers.h"

#include <algorithm>
#include <array>
#include <optional>

#include "suites/math/first_bytes.h"
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
    // The brace closes the \textbf{..} around an announcement.
    if (c == ' ' || c == '\t' || c == '*' || c == '_' || c == '>' || c == '`' || c == '}') {
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

// The byte after a dash or an arrow that announces ("Answer - 18"), else `at`.
size_t skip_dash(std::string_view text, size_t at) {
  for (const std::string_view dash : {"- ", "– ", "— ", "→", "->", "=>"}) {
    if (text.substr(at).starts_with(dash)) {
      return at + dash.size();
    }
  }
  return at;
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
  const bool equals = text.substr(plain).starts_with("=") && !text.substr(plain).starts_with("=>");
  const size_t colon =
      equals ? plain + 1 : std::max(skip_colon(text, plain), skip_dash(text, plain));
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
  static constexpr std::array<std::string_view, 18> denials = {
      "not",          "in the form",   "of the form",  "wrong",         "incorrect", "correct",
      "$ANSWER",      "$LETTER",       "greater than", "less than",     "more than", "fewer than",
      "divisible by", "a multiple of", "obtained by",  "obtained from", "found by",  "between"};
  if (rest.empty()) {
    return true;
  }
  return std::any_of(denials.begin(), denials.end(),
                     [&](std::string_view denial) { return starts_with_word(rest, denial); });
}

// "If n were even, the answer would be 12": said of another case.
bool is_hypothetical(std::string_view text, size_t at) {
  constexpr size_t sentence_bytes_max = 160;
  constexpr std::string_view answer = "answer";
  if (!starts_with_word(trimmed(text.substr(at + answer.size())), "would")) {
    return false;
  }
  const std::string_view before = text.substr(0, at);
  const size_t stop = before.find_last_of(".\n");
  const size_t near = at - std::min(at, sentence_bytes_max);
  const size_t begin = stop == std::string_view::npos ? near : std::max(near, stop + 1);
  const size_t end = std::min(text.find_first_of(".\n", at), text.size());
  const std::string_view sentence =
      text.substr(begin, std::min(end - begin, 2 * sentence_bytes_max));
  for (size_t i = 0; i < sentence.size(); ++i) {
    const bool starts =
        is_ascii_letter(sentence[i]) && (i == 0 || !is_ascii_letter(sentence[i - 1]));
    if (starts && (starts_with_word(sentence.substr(i), "if") ||
                   starts_with_word(sentence.substr(i), "had"))) {
      return true;
    }
  }
  return false;
}

// "Is the answer 12?": a question announces nothing.
bool is_asked(std::string_view rest) {
  constexpr size_t question_bytes_max = 200;
  const std::string_view near = rest.substr(0, question_bytes_max);
  const size_t end = near.find_first_of("?!\n");
  return end != std::string_view::npos && near[end] == '?' &&
         near.substr(0, end).find(". ") == std::string_view::npos;
}

// Whether the text before `at` ends in `word`, markdown and blanks between them looked through.
bool preceded_by(std::string_view text, size_t at, std::string_view word) {
  while (at > 0 && (text[at - 1] == ' ' || text[at - 1] == '*' || text[at - 1] == '_')) {
    --at;
  }
  return at >= word.size() && equal_ignoring_case(text.substr(at - word.size(), word.size()), word);
}

// Whether the clause in front of `at` only supposes what it says: "many would say the answer is".
bool only_supposes(std::string_view text, size_t at) {
  constexpr size_t clause_bytes_max = 80;
  static constexpr std::array<std::string_view, 18> words = {
      "doubt",  "not sure",  "suppose", "supposing", "assume",      "assuming",
      "if",     "would say", "may say", "might say", "might think", "may think",
      "common", "incorrect", "wrong",   "naive",     "tempting",    "whether"};
  size_t begin = at - std::min(at, clause_bytes_max);
  const size_t stop = text.substr(begin, at - begin).find_last_of(".!?,;:\n");
  begin += stop == std::string_view::npos ? 0 : stop + 1;
  for (size_t i = begin; i < at; ++i) {
    const bool starts = is_ascii_letter(text[i]) && (i == 0 || !is_ascii_letter(text[i - 1]));
    if (starts && std::any_of(words.begin(), words.end(), [&](std::string_view word) {
          return starts_with_word(text.substr(i, at - i), word);
        })) {
      return true;
    }
  }
  return false;
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
  if (!announced || announces_nothing(text.substr(announced->rest)) ||
      is_asked(text.substr(announced->rest)) || is_hypothetical(text, at) ||
      only_supposes(text, at)) {
    return std::nullopt;
  }
  const bool is_final = preceded_by(text, at, "final");
  return AnswerMarker{is_final ? MarkerKind::final_answer : MarkerKind::answer, announced->colon,
                      false, at, announced->rest};
}

// A heading that announces: the line holds it and its markdown alone.
std::optional<AnswerMarker> heading_marker(std::string_view text, size_t at) {
  for (const std::string_view word : {"answer", "answers", "conclusion", "result", "summary"}) {
    if (!starts_with_word(text.substr(at), word)) {
      continue;
    }
    size_t begin = at;
    for (const std::string_view before : {"final ", "correct "}) {
      const size_t size = std::min(begin, before.size());
      begin -= equal_ignoring_case(text.substr(begin - size, size), before) ? size : 0;
    }
    const size_t end = skip_decoration(text, at + word.size());
    const bool decorated =
        begin > 0 && (text[begin - 1] == '*' || text[begin - 1] == ' ') && starts_line(text, begin);
    if (!decorated || end >= text.size() || text[end] != '\n') {
      return std::nullopt;
    }
    const size_t rest = text.find_first_not_of(" \t\r\n", end);
    static constexpr std::array<std::string_view, 3> working = {"#", "Step", "**Step"};
    const bool leads_on = rest == std::string_view::npos ||
                          std::any_of(working.begin(), working.end(), [&](std::string_view one) {
                            return text.substr(rest).starts_with(one);
                          });
    return leads_on ? std::nullopt
                    : std::optional(AnswerMarker{MarkerKind::answer, true, true, begin, end});
  }
  return std::nullopt;
}

struct Announcement {
  std::string_view word;
  std::array<std::string_view, 3> verbs;  // "": none but the colon, or nothing before digits
};

// "Answer" in other languages, and how each goes on.
constexpr std::array announcement_list = {
    Announcement{"ans", {}},
    Announcement{"respuesta", {"es", "sería", "son"}},
    Announcement{"réponse", {"est", "sera", ""}},
    Announcement{"risposta", {"è", "sarà", ""}},
    Announcement{"resposta", {"é", "será", ""}},
    Announcement{"antwort", {"ist", "lautet", "beträgt"}},
    Announcement{"antwoord", {"is", "", ""}},
    Announcement{"svar", {"är", "er", ""}},
    Announcement{"odpowiedź", {"to", "brzmi", "wynosi"}},
    Announcement{"cevap", {}},
    Announcement{"jibu", {"ni", "", ""}},
    Announcement{"jawaban", {"adalah", "ialah", ""}},
    Announcement{"jawapan", {"ialah", "adalah", ""}},
    Announcement{"đáp án", {"là", "", ""}},
    Announcement{"Đáp án", {"là", "", ""}},
    Announcement{"Ответ", {"равен", "составляет", "—"}},
    Announcement{"ответ", {"равен", "составляет", "—"}},
    Announcement{"Відповідь", {"дорівнює", "—", ""}},
    Announcement{"Απάντηση", {"είναι", "", ""}},
    Announcement{"απάντηση", {"είναι", "", ""}},
    Announcement{"الإجابة", {"هي", "هو", ""}},
    Announcement{"الجواب", {"هو", "هي", ""}},
    Announcement{"উত্তর", {"হল", "হলো", "হচ্ছে"}},
    Announcement{"उत्तर", {}},
    Announcement{"คำตอบ", {"คือ", "เท่ากับ", ""}},
    Announcement{"答え", {"は", "：", ""}},
    Announcement{"정답", {"은", "는", "이"}},
    Announcement{"답", {"은", "는", ""}},
};
constexpr ByFirstByte announcements(announcement_list, &Announcement::word);

// Behind such a word: the colon, the verb or the number that follows, in the same sentence.
std::optional<Announced> announced_after(std::string_view text, size_t at,
                                         const Announcement& announcement) {
  constexpr size_t foreign_gap_max = 40;
  const size_t end = std::min(text.size(), at + foreign_gap_max);
  const size_t plain = skip_decoration(text, at);
  for (size_t i = at; i < end; ++i) {
    const char c = text[i];
    if (const size_t behind = skip_colon(text, i); behind != i) {
      return Announced{skip_decoration(text, behind), true};
    }
    for (const std::string_view verb : announcement.verbs) {
      const bool ascii = !verb.empty() && is_ascii_letter(verb.back());
      const bool apart = text[i - 1] == ' ' || i == at || text[i - 1] == '*';
      const bool whole =
          ascii ? starts_with_word(text.substr(i), verb) : text.substr(i).starts_with(verb);
      if (!verb.empty() && apart && whole) {
        return after_verb(text, i + verb.size());
      }
    }
    if (i == plain && i > at && (is_ascii_digit(c) || c == '$')) {
      return Announced{i, false};
    }
    if (c == '\n' || c == '.' || c == '?' || c == '!' || c == ',' || is_ascii_digit(c)) {
      return std::nullopt;
    }
  }
  return std::nullopt;
}

std::optional<AnswerMarker> foreign_marker(std::string_view text, size_t at, size_t& words) {
  if (at > 0 && is_ascii_letter(text[at - 1])) {
    return std::nullopt;
  }
  for (const Announcement& one : announcements.beginning_with(ascii_lower(text[at]))) {
    if (!starts_with_ignoring_case(text.substr(at), one.word)) {
      continue;
    }
    ++words;
    const size_t behind = at + one.word.size();
    if (behind < text.size() && is_ascii_letter(text[behind])) {
      continue;
    }
    if (const std::optional<Announced> announced = announced_after(text, behind, one)) {
      return AnswerMarker{MarkerKind::answer, announced->colon, false, at, announced->rest};
    }
  }
  return std::nullopt;
}

// Whether a word of a heading may begin at `at`.
bool begins_word(std::string_view text, size_t at) {
  static constexpr std::string_view initials = "AaCcRrSs";
  return initials.find(text[at]) != std::string_view::npos && at > 0 &&
         (text[at - 1] == ' ' || text[at - 1] == '*');
}

std::optional<AnswerMarker> chinese_marker(std::string_view text, size_t at) {
  constexpr std::string_view answer = "答案";
  if (!text.substr(at).starts_with(answer)) {
    return std::nullopt;
  }
  size_t behind = skip_decoration(text, at + answer.size());
  bool colon = false;
  bool announced = false;
  for (const std::string_view verb :
       {"应该是", "应当是", "应为", "就是", "等于", "是", "为", "為"}) {
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
  return AnswerMarker{is_final ? MarkerKind::final_answer : MarkerKind::answer, colon, false, at,
                      skip_decoration(text, behind)};
}

std::optional<AnswerMarker> short_marker(std::string_view text, size_t at) {
  for (const std::string_view label : {"A:", "A：", "答:", "答："}) {
    if (text.substr(at).starts_with(label) && starts_line(text, at)) {
      return AnswerMarker{MarkerKind::short_label, true, false, at,
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
    if (!marker && begins_word(text, at)) {
      marker = heading_marker(text, at);
    }
    if (!marker) {
      marker = foreign_marker(text, at, words);
    }
    if (marker) {
      markers.push_back(*marker);
    }
  }
  std::reverse(markers.begin(), markers.end());
  return markers;
}

}  // namespace assay::math
