#include "suites/math/choice_rules.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "suites/math/choice_statements.h"
#include "suites/math/phrase.h"
#include "suites/math/policy.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr size_t option_bytes_max = 4096;
constexpr size_t named_words_min = 2;
constexpr size_t naming_bytes_max = 1500;  // of a sentence that may name an option by its words
constexpr size_t longer_bytes_max = 80;
constexpr size_t judged_bytes_max =
    200;  // of an option that may be a judgement or a part of a list
constexpr size_t listed_bytes_max = 600;  // of a text that may end with all options
constexpr const char* content_policy = "strict";

bool is_word_byte(char c) {
  return is_ascii_letter(c) || is_ascii_digit(c) || c == '_' ||
         static_cast<unsigned char>(c) >= 0x80;
}

// Without markup and punctuation at the end; one blank between words.
std::string bare(std::string_view text) {
  std::string out;
  for (size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      if (const size_t bytes = markup_bytes(text.substr(i))) {
        i += bytes - 1;
        continue;
      }
    }
    const char c = text[i];
    if (c == '$' || c == '{' || c == '}' || c == '*' || c == '\\' || c == '"') {
      continue;
    }
    if (is_blank(c) || c == '~') {
      out += out.empty() || out.back() == ' ' ? "" : " ";
    } else {
      out += c;
    }
  }
  while (!out.empty() && (out.back() == ' ' || out.back() == '.' || out.back() == ',')) {
    out.pop_back();
  }
  return out;
}

std::string plain(std::string_view text) {
  std::string out = bare(text);
  std::transform(out.begin(), out.end(), out.begin(), ascii_lower);
  return out;
}

// "I and III only", "only statement II is true": the numerals as a set; 0 where there is more.
Letters numeral_set(std::string_view text) {
  constexpr size_t bytes_max = 80;
  static constexpr std::array<std::string_view, 8> numerals = {"i", "ii", "iii", "iv",
                                                               "v", "vi", "vii", "viii"};
  static constexpr std::array<std::string_view, 18> fillers = {
      "and",  "only", "statement", "statements", "is",   "are",   "true", "correct", "both",
      "just", "the",  "option",    "items",      "hold", "holds", "so",   "thus",    "all"};
  if (text.size() > bytes_max) {
    return 0;
  }
  Letters set = 0;
  for (size_t at = 0; at < text.size();) {
    size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) {
      ++end;
    }
    if (end == at) {
      const bool between = text[at] == ' ' || text[at] == ',' || text[at] == '.';
      if (!between) {
        return 0;
      }
      ++at;
      continue;
    }
    const std::string_view word = text.substr(at, end - at);
    const auto numeral = std::find(numerals.begin(), numerals.end(), word);
    if (numeral != numerals.end()) {
      set |= Letters{1} << static_cast<unsigned>(numeral - numerals.begin());
    } else if (std::find(fillers.begin(), fillers.end(), word) == fillers.end()) {
      return 0;
    }
    at = end;
  }
  return set;
}

// Where `words` stand as words of their own, else npos.
size_t find_words(std::string_view text, std::string_view words) {
  for (size_t at = text.find(words); at != std::string_view::npos; at = text.find(words, at + 1)) {
    const size_t end = at + words.size();
    const bool starts = at == 0 || !is_word_byte(text[at - 1]);
    if (starts && (end == text.size() || !is_word_byte(text[end]))) {
      return at;
    }
  }
  return std::string_view::npos;
}

}  // namespace

Options::Options(const std::vector<std::string>& options)
    : references_(options, policy(content_policy)) {
  assert(options.size() <= options_max);
  for (const std::string& option : options) {
    plain_.push_back(plain(std::string_view(option).substr(0, option_bytes_max)));
    numerals_.push_back(numeral_set(plain_.back()));
    const auto words =
        choice_tokens(std::string_view(plain_.back()).substr(0, judged_bytes_max), 0);
    judged_ = judged_ && std::none_of(words.begin(), words.end(), [](const ChoiceToken& word) {
                return word.is(role::right | role::wrong);
              });
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
  if (const Letters numerals = numeral_set(wanted)) {
    const auto same = std::find(numerals_.begin(), numerals_.end(), numerals);
    if (same != numerals_.end() &&
        std::find(same + 1, numerals_.end(), numerals) == numerals_.end()) {
      return static_cast<char>('A' + (same - numerals_.begin()));
    }
  }
  constexpr size_t first_words_max = 16;
  const bool supposed = ChoiceText(content.substr(0, first_words_max), 0, judged_).supposes();
  if (supposed || content.size() > content_bytes_max_) {
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
  const std::string text = plain(sentence.substr(0, naming_bytes_max));
  const ChoiceText read(text, 0, judged_);
  size_t best = plain_.size();
  for (size_t i = 0; i < plain_.size(); ++i) {
    const auto words = static_cast<size_t>(std::count(plain_[i].begin(), plain_[i].end(), ' ')) + 1;
    const size_t at = words < named_words_min ? text.npos : find_words(text, plain_[i]);
    if (at == text.npos || read.is_denied(at, at + plain_[i].size())) {
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

bool Options::lists_all(std::string_view text) const {
  constexpr size_t gap_max = 12;
  const std::string end = plain(text.substr(text.size() - std::min(text.size(), listed_bytes_max)));
  size_t next = std::string::npos;
  size_t behind = 0;
  for (size_t i = plain_.size(); i-- > 0;) {
    const std::string& option = plain_[i];
    const size_t at = option.empty() || option.size() > judged_bytes_max
                          ? std::string::npos
                          : std::string_view(end).substr(0, next).rfind(option);
    if (at == std::string::npos ||
        (next != std::string::npos && next - at - option.size() > gap_max)) {
      return false;
    }
    behind = next == std::string::npos ? at + option.size() : behind;
    next = at;
  }
  const std::string_view tail = std::string_view(end).substr(behind);
  return std::none_of(plain_.begin(), plain_.end(), [&](const std::string& option) {
    return find_words(tail, option) != std::string_view::npos;
  });
}

char lower_case_letter(std::string_view text, size_t options) {
  const std::string written = bare(text.substr(0, judged_bytes_max));
  text = trimmed(written);
  const bool open = text.starts_with('(');
  text.remove_prefix(open ? 1 : 0);
  if (text.empty() || text[0] < 'a' || static_cast<size_t>(text[0] - 'a') >= options) {
    return 0;
  }
  const std::string_view behind = text.substr(1);
  const bool labelled = behind.starts_with(')') && (open || behind.size() > 1 || text.size() == 2);
  return labelled || (behind.empty() && !open) ? static_cast<char>(text[0] - 32) : '\0';
}

namespace {

ChoiceAnswer by_rule(char letter, const char* rule) {
  if (letter == 0) {
    return {0, "", "", std::string("no match of ") + rule};
  }
  return {letter, std::string(1, letter), std::string(1, letter), rule};
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
