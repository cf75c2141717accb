#include "suites/math/choice_rules.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "suites/math/phrase.h"
#include "suites/math/policy.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t option_bytes_max = 4096;
constexpr size_t named_words_min = 2;
constexpr size_t longer_bytes_max = 80;
constexpr const char* content_policy = "strict";

bool is_word_byte(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// In lower case, without $, \text, braces and punctuation at the ends; one blank between words.
std::string plain(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text.substr(i).starts_with("\\text") || text.substr(i).starts_with("\\mathrm")) {
      i += text[i + 1] == 't' ? 4 : 6;
      continue;
    }
    const char c = text[i];
    if (c == '$' || c == '{' || c == '}' || c == '*' || c == '\\' || c == '"') {
      continue;
    }
    if (is_blank(c) || c == '~') {
      out += out.empty() || out.back() == ' ' ? "" : " ";
    } else {
      out += ascii_lower(c);
    }
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '.' || out.back() == ',')) {
    out.pop_back();
  }
  return out;
}

bool contains_words(std::string_view text, std::string_view words) {
  for (size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    const size_t end = at + words.size();
    const bool starts = at == 0 || !is_word_byte(text[at - 1]);
    if (starts && (end == text.size() || !is_word_byte(text[end]))) {
      return true;
    }
  }
  return false;
}

// What may stand in front of a letter and says nothing: markup, a word for "option".
std::string_view without_lead(std::string_view text) {
  constexpr size_t lead_bytes_max = 200;
  const std::string_view all = text;
  static constexpr std::array<std::string_view, 21> leads = {
      "option",    "choice",    "letter",    "answer",   "statement", "either", "\\text{",
      "\\textbf{", "\\mathrm{", "\\mathbf{", "\\boxed{", "\\(",       "\\[",    "选项",
      "选择",      "选",        "\\left(",   "\\quad",   "(option",   "thus",   "therefore"};
  bool again = true;
  while (again) {
    again = false;
    while (!text.empty() && (is_blank(text.front()) || text.front() == '*' || text.front() == '$' ||
                             text.front() == ':' || text.front() == '"' || text.front() == '{' ||
                             text.front() == '`' || text.front() == '\'' || text.front() == '_' ||
                             text.front() == '#' || text.front() == '>')) {
      text.remove_prefix(1);
    }
    for (const std::string_view lead : leads) {
      const bool word = is_ascii_letter(lead.back());
      if (word ? starts_with_word(text, lead) : starts_with_ignoring_case(text, lead)) {
        text.remove_prefix(lead.size());
        again = true;
      }
    }
    again = again && all.size() - text.size() < lead_bytes_max;
  }
  return text;
}

bool is_option(char c, size_t options) {
  return c >= 'A' && static_cast<size_t>(c - 'A') < options;
}

// "(C) is correct", "C is the right choice": surer than being named.
bool is_called_right(std::string_view text, size_t at) {
  static constexpr std::array<std::string_view, 8> verdicts = {
      " is correct",  " is right",      " is the correct",  " is the right",
      " is the best", " is the answer", " must be correct", "正确"};
  const bool starts = at == 0 || !is_word_byte(text[at - 1]);
  std::string_view behind = text.substr(at + 1);
  while (behind.starts_with(')') || behind.starts_with('*') || behind.starts_with('$')) {
    behind.remove_prefix(1);
  }
  return starts && std::any_of(verdicts.begin(), verdicts.end(), [&](std::string_view verdict) {
           return starts_with_ignoring_case(behind, verdict);
         });
}

// "(C)", "option C", "we choose C", "选项C".
bool is_named(std::string_view text, size_t at) {
  static constexpr std::array<std::string_view, 12> names = {
      "option", "choice", "options", "letter", "select",    "choose",
      "pick",   "选项",   "选择",    "选",     "answer is", "answer"};
  if (at > 0 && text[at - 1] == '(' && at + 1 < text.size() && text[at + 1] == ')') {
    return true;
  }
  std::string_view before = text.substr(0, at);
  for (bool again = true; again;) {
    again = false;
    for (const std::string_view blank : {" ", "*", "(", "$", ":", "：", "（"}) {
      if (before.ends_with(blank)) {
        before.remove_suffix(blank.size());
        again = true;
      }
    }
  }
  const bool apart = before.size() < at ||
                     (at > 0 && is_word_byte(text[at - 1]) && !is_ascii_letter(text[at - 1]));
  return apart && std::any_of(names.begin(), names.end(), [&](std::string_view name) {
           return before.size() >= name.size() &&
                  equal_ignoring_case(before.substr(before.size() - name.size()), name);
         });
}

// Whether what stands behind a bare letter lets it be an answer. "A dog", "I think", "B = 5" do
// not.
bool ends_letter(char letter, std::string_view behind) {
  if (behind.empty() || !is_blank(behind.front())) {
    static constexpr std::string_view enders = ".,:;)]}*$\"'`!|/";
    const bool chinese = !behind.empty() && static_cast<unsigned char>(behind.front()) >= 0x80;
    const bool backslash = behind.starts_with("\\)") || behind.starts_with("\\]") ||
                           behind.starts_with("\\,") || behind.starts_with("\\\\");
    return behind.empty() || chinese || backslash ||
           enders.find(behind.front()) != std::string_view::npos;
  }
  while (!behind.empty() && (behind.front() == ' ' || behind.front() == '\t')) {
    behind.remove_prefix(1);
  }
  if (behind.empty() || behind.front() == '\n' || behind.front() == '\r') {
    return true;
  }
  static constexpr std::string_view operators = "=+<>^_&";
  if (operators.find(behind.front()) != std::string_view::npos) {
    return false;
  }
  // "A" and "I" are words of their own.
  const bool word = is_ascii_letter(behind.front());
  return !(word && (letter == 'A' || letter == 'I')) || starts_with_word(behind, "because") ||
         starts_with_word(behind, "since") || starts_with_word(behind, "is");
}

}  // namespace

Options::Options(const std::vector<std::string>& options)
    : references_(options, policy(content_policy)) {
  assert(options.size() <= options_max);
  for (const std::string& option : options) {
    plain_.push_back(plain(std::string_view(option).substr(0, option_bytes_max)));
    // No formula is written at many times the length of one that it equals.
    content_bytes_max_ = std::max(content_bytes_max_, 4 * option.size() + longer_bytes_max);
  }
}

char Options::by_content(std::string_view content) {
  if (trimmed(content).empty() || content.size() > option_bytes_max) {
    return 0;
  }
  const std::string wanted = plain(content);
  const auto first = std::find(plain_.begin(), plain_.end(), wanted);
  if (first != plain_.end()) {
    return static_cast<char>('A' + (first - plain_.begin()));
  }
  if (content.size() > content_bytes_max_) {
    return 0;
  }
  const std::vector<Judgement> judgements = references_.compare(content);
  const auto equal = [](const Judgement& judgement) {
    return judgement.decision == Decision::equal;
  };
  if (std::count_if(judgements.begin(), judgements.end(), equal) != 1) {
    return 0;
  }
  const auto found = std::find_if(judgements.begin(), judgements.end(), equal);
  return static_cast<char>('A' + (found - judgements.begin()));
}

char Options::named_in(std::string_view sentence) const {
  const std::string text = plain(sentence.substr(0, option_bytes_max));
  size_t best = plain_.size();
  for (size_t i = 0; i < plain_.size(); ++i) {
    const auto words = static_cast<size_t>(std::count(plain_[i].begin(), plain_[i].end(), ' ')) + 1;
    if (words < named_words_min || !contains_words(text, plain_[i])) {
      continue;
    }
    // Of two options, one inside the other, the longer one is meant.
    if (best == plain_.size() || plain_[i].find(plain_[best]) != std::string::npos) {
      best = i;
    } else if (plain_[best].find(plain_[i]) == std::string::npos) {
      return 0;
    }
  }
  return best == plain_.size() ? '\0' : static_cast<char>('A' + static_cast<char>(best));
}

char lower_case_letter(std::string_view text, size_t options) {
  text = trimmed(text);
  const bool open = text.starts_with('(');
  text.remove_prefix(open ? 1 : 0);
  if (text.empty() || text[0] < 'a' || static_cast<size_t>(text[0] - 'a') >= options) {
    return 0;
  }
  const std::string_view behind = text.substr(1);
  const bool labelled = behind.starts_with(')') && (open || behind.size() > 1 || text.size() == 2);
  return labelled || (behind.empty() && !open) ? static_cast<char>(text[0] - 32) : '\0';
}

char leading_letter(std::string_view text, size_t options) {
  text = without_lead(text);
  if (text.size() >= 3 && (text[0] == '(' || text[0] == '[')) {
    std::string_view inner = without_lead(text.substr(1));
    const bool closed = inner.size() >= 2 &&
                        (inner[1] == ')' || inner[1] == ']' || inner[1] == '*' || inner[1] == '}');
    return closed && is_option(inner[0], options) ? inner[0] : '\0';
  }
  for (const std::string_view wide : {"（"}) {
    if (text.starts_with(wide)) {
      text.remove_prefix(wide.size());
    }
  }
  if (text.empty() || !is_option(text[0], options)) {
    return 0;
  }
  return ends_letter(text[0], text.substr(1)) ? text[0] : '\0';
}

bool letter_stands_out(std::string_view text) {
  text = without_lead(text);
  if (text.starts_with('(') || text.starts_with('[')) {
    return true;
  }
  return text.size() <= 1 || text[1] == '.' || text[1] == ')' || text[1] == ':' || text[1] == '*' ||
         text[1] == '\n';
}

char last_named_letter(std::string_view text, size_t options) {
  char named = 0;
  for (size_t at = text.size(); at-- > 0;) {
    const bool whole = at + 1 == text.size() || !is_word_byte(text[at + 1]);
    if (!is_option(text[at], options) || !whole) {
      continue;
    }
    if (is_called_right(text, at)) {
      return text[at];
    }
    if (named == 0 && is_named(text, at)) {
      named = text[at];
    }
  }
  return named;
}

namespace {

ChoiceAnswer by_rule(char letter, const char* rule) {
  if (letter == 0) {
    return {0, "", std::string("no match of ") + rule};
  }
  return {letter, std::string(1, letter), rule};
}

size_t skip(std::string_view text, size_t at, std::string_view blanks) {
  while (at < text.size() && blanks.find(text[at]) != std::string_view::npos) {
    ++at;
  }
  return at;
}

bool in_range(std::string_view text, size_t at, char last) {
  return at < text.size() && text[at] >= 'A' && text[at] <= last;
}

constexpr std::string_view python_blanks = " \t\n\r\f\v";

}  // namespace

ChoiceAnswer read_mmlu_pro(std::string_view response) {
  constexpr std::string_view is = "answer is ";
  for (size_t at = response.find(is); at != std::string_view::npos;
       at = response.find(is, at + 1)) {
    size_t letter = at + is.size();
    letter += letter < response.size() && response[letter] == '(' ? 1 : 0;
    if (in_range(response, letter, 'J')) {
      return by_rule(response[letter], "first \"answer is (X)\"");
    }
  }
  // `.*` takes the last match of the first line that has one; \s* may go on to the next lines.
  char letter = 0;
  size_t line_end = std::string_view::npos;
  for (size_t at = response.find("nswer:"); at != std::string_view::npos && at <= line_end;
       at = response.find("nswer:", at + 1)) {
    const size_t behind = skip(response, at + 6, python_blanks);
    const bool word = at > 0 && ascii_lower(response[at - 1]) == 'a';
    if (word && in_range(response, behind, 'J')) {
      letter = response[behind];
      line_end = line_end == std::string_view::npos
                     ? std::min(response.find('\n', at), response.size())
                     : line_end;
    }
  }
  if (letter != 0) {
    return by_rule(letter, "\"answer: X\"");
  }
  for (size_t at = response.size(); at-- > 0;) {
    if (in_range(response, at, 'J')) {
      return by_rule(response[at], "last of the letters A-J");
    }
  }
  return by_rule(0, "mmlu-pro");
}

ChoiceAnswer read_simple_evals_choice(std::string_view response, size_t options) {
  const char last = options <= 4 ? 'D' : 'J';
  for (size_t at = 0; at < response.size(); ++at) {
    if (!starts_with_ignoring_case(response.substr(at), "answer")) {
      continue;
    }
    size_t behind = skip(response, at + 6, " \t");
    if (behind >= response.size() || response[behind] != ':') {
      continue;
    }
    behind = skip(response, behind + 1, " \t");
    behind += behind < response.size() && response[behind] == '$' ? 1 : 0;
    const char upper = behind < response.size() && is_ascii_letter(response[behind])
                           ? static_cast<char>(ascii_lower(response[behind]) - 32)
                           : '\0';
    if (upper >= 'A' && upper <= last) {
      return by_rule(upper, "first \"Answer: X\"");
    }
  }
  return by_rule(0, "\"Answer: X\"");
}

ChoiceAnswer read_mlperf_choice(std::string_view response, size_t options) {
  const char last = options <= 4 ? 'D' : 'J';
  const auto letter_at = [&](size_t at) -> char {
    const char upper = at < response.size() && is_ascii_letter(response[at])
                           ? static_cast<char>(ascii_lower(response[at]) - 32)
                           : '\0';
    return upper >= 'A' && upper <= last ? upper : '\0';
  };
  const auto is_word = [](char c) { return is_ascii_letter(c) || is_ascii_digit(c) || c == '_'; };
  char found = 0;
  for (size_t at = 0; at < response.size(); ++at) {
    const bool bounded = at == 0 || !is_word(response[at - 1]);
    if (!bounded || !starts_with_ignoring_case(response.substr(at), "answer") ||
        (at + 6 < response.size() && is_word(response[at + 6]))) {
      continue;
    }
    size_t behind = skip(response, at + 6, python_blanks);
    behind +=
        behind < response.size() && (response[behind] == ':' || response[behind] == '=') ? 1 : 0;
    behind = skip(response, behind, python_blanks);
    behind += behind < response.size() && response[behind] == '(' ? 1 : 0;
    behind = skip(response, behind, python_blanks);
    const char letter = letter_at(behind);
    if (letter != 0 && (behind + 1 == response.size() || !is_ascii_letter(response[behind + 1]))) {
      found = letter;
    }
  }
  if (found == 0 && last == 'J') {
    for (size_t at = response.size(); at-- > 0 && found == 0;) {
      const bool starts = at == 0 || !is_word_byte(response[at - 1]);
      const bool ends = at + 1 == response.size() || !is_word_byte(response[at + 1]);
      found = starts && ends ? letter_at(at) : '\0';
    }
  }
  return by_rule(found, "last ANSWER X");
}

ChoiceAnswer read_lm_eval_gpqa(std::string_view response) {
  for (size_t at = response.size(); at-- > 0;) {
    if (response[at] == '(' && in_range(response, at + 1, 'Z') && at + 2 < response.size() &&
        response[at + 2] == ')') {
      return by_rule(response[at + 1], "last (X)");
    }
  }
  return by_rule(0, "(X)");
}

}  // namespace assay::math
