#include "suites/math/stated_number.h"

#include <algorithm>
#include <optional>
#include <vector>

#include "suites/math/answer_markers.h"
#include "suites/math/final_answer.h"
#include "suites/math/text_scan.h"

namespace assay {

namespace {

using math::is_ascii_digit;
using math::is_ascii_letter;
using math::is_blank;

constexpr std::string_view unicode_minus = "\xE2\x88\x92";
constexpr size_t sentence_bytes_max = 2000;
constexpr size_t number_bytes_max = 64;  // longer runs of digits are no answer to anything here

struct NumberAt {
  std::string number;
  size_t begin = 0;  // of the sign or the first digit
  size_t end = 0;
};

// The separator of thousands at `at`, if three digits and no fourth follow: its length, else 0.
size_t thousands_separator(std::string_view text, size_t at) {
  for (const std::string_view separator : {",", "{,}", "\\,", "，"}) {
    const size_t digits = at + separator.size();
    if (text.substr(at).starts_with(separator) && digits + 3 <= text.size() &&
        std::all_of(text.begin() + static_cast<std::ptrdiff_t>(digits),
                    text.begin() + static_cast<std::ptrdiff_t>(digits) + 3, is_ascii_digit) &&
        (digits + 3 == text.size() || !is_ascii_digit(text[digits + 3]))) {
      return separator.size();
    }
  }
  return 0;
}

// The sign in front of a number, a currency between them looked through: "-$5", "\$-5". A minus
// between two operands is an operator, not a sign.
bool has_minus(std::string_view text, size_t& begin) {
  const auto steps_over = [&](std::string_view what) {
    if (text.substr(0, begin).ends_with(what)) {
      begin -= what.size();
      return true;
    }
    return false;
  };
  const size_t first_digit = begin;
  while (steps_over("$") || steps_over("\\") || steps_over("£") || steps_over("€")) {
  }
  if (!steps_over("-") && !steps_over(unicode_minus)) {
    begin = first_digit;
    return false;
  }
  const char operand = begin == 0 ? ' ' : text[begin - 1];
  if (is_ascii_digit(operand) || operand == ')' || operand == '}' || is_ascii_letter(operand)) {
    begin = first_digit;
    return false;
  }
  return true;
}

// The number whose first digit (or leading point) stands at `at`.
NumberAt number_from(std::string_view text, size_t at) {
  NumberAt found;
  found.begin = at;
  found.number = has_minus(text, found.begin) ? "-" : "";
  bool point = false;
  while (at < text.size()) {
    if (is_ascii_digit(text[at])) {
      found.number += text[at++];
    } else if (!point && text[at] == '.' && at + 1 < text.size() && is_ascii_digit(text[at + 1])) {
      point = true;
      found.number += text[at++];
    } else if (const size_t separator = point ? 0 : thousands_separator(text, at); separator > 0) {
      at += separator;
    } else {
      break;
    }
  }
  found.end = at;
  return found;
}

// All numbers, in order. Digits inside a word ("x2", "H2O") are part of the word.
std::vector<NumberAt> numbers_in(std::string_view text) {
  std::vector<NumberAt> numbers;
  for (size_t at = 0; at < text.size();) {
    const bool starts = is_ascii_digit(text[at]) ||
                        (text[at] == '.' && at + 1 < text.size() && is_ascii_digit(text[at + 1]));
    if (!starts) {
      ++at;
      continue;
    }
    const bool in_word = at > 0 && (is_ascii_letter(text[at - 1]) || text[at - 1] == '_');
    NumberAt found = number_from(text, at);
    at = found.end;
    if (!in_word && found.number.size() <= number_bytes_max) {
      numbers.push_back(std::move(found));
    }
  }
  return numbers;
}

// The end of the sentence or line that begins at `at`; empty lines in front of it belong to it.
size_t sentence_end(std::string_view text, size_t at) {
  while (at < text.size() && is_blank(text[at])) {
    ++at;
  }
  text = text.substr(0, at + sentence_bytes_max);
  for (; at < text.size(); ++at) {
    const bool stop = text[at] == '.' && (at + 1 == text.size() || is_blank(text[at + 1]));
    if (text[at] == '\n' || stop || text.substr(at).starts_with("。")) {
      return at;
    }
  }
  return at;
}

// Of an announced phrase: the number after the last = sign, else the one that leads it, else the
// last ("Natalia has sold 72 clips over 2 months" leads with neither; people end with the answer).
std::string announced_number(std::string_view phrase) {
  const size_t equals = phrase.rfind('=');
  if (equals != std::string_view::npos) {
    const std::vector<NumberAt> behind = numbers_in(phrase.substr(equals + 1));
    if (!behind.empty()) {
      return behind.front().number;
    }
  }
  const std::vector<NumberAt> numbers = numbers_in(phrase);
  if (numbers.empty()) {
    return "";
  }
  const bool leads =
      std::none_of(phrase.begin(), phrase.begin() + static_cast<std::ptrdiff_t>(numbers[0].begin),
                   is_ascii_letter);
  return (leads ? numbers.front() : numbers.back()).number;
}

// The content of the braces that open at `open`, or of what there is of them.
std::string_view braced(std::string_view text, size_t open) {
  size_t depth = 0;
  for (size_t at = open; at < text.size(); ++at) {
    if (text[at] == '{') {
      ++depth;
    } else if (text[at] == '}' && --depth == 0) {
      return text.substr(open + 1, at - open - 1);
    }
  }
  return text.substr(open + 1);
}

// The number of a line `#### 18`. A heading ("#### Step 3", "#### 3. The total") announces nothing.
std::string hash_line_number(std::string_view line) {
  const std::vector<NumberAt> numbers = numbers_in(line);
  if (numbers.empty()) {
    return "";
  }
  const std::string_view before = line.substr(0, numbers[0].begin);
  const std::string_view behind = line.substr(numbers[0].end);
  const bool worded = std::any_of(before.begin(), before.end(), is_ascii_letter);
  const bool counted = (behind.starts_with(". ") || behind.starts_with(") ")) &&
                       std::any_of(behind.begin(), behind.end(), is_ascii_letter);
  return worded || counted ? "" : announced_number(line);
}

std::string last_hash_number(std::string_view text) {
  constexpr std::string_view marker = "####";
  for (size_t at = text.rfind(marker); at != std::string_view::npos; at = text.rfind(marker)) {
    const std::string_view rest = text.substr(at + marker.size());
    std::string number = hash_line_number(rest.substr(0, rest.find('\n')));
    if (!number.empty()) {
      return number;
    }
    text = text.substr(0, at);  // so that no line is looked at twice
  }
  return "";
}

std::string last_boxed_number(std::string_view text) {
  const size_t at = text.rfind("\\boxed{");
  return at == std::string_view::npos ? "" : announced_number(braced(text, at + 6));
}

// An operand is no result ("5 * 1"), nor is what stands in a calculation that was never closed
// (`<<41.4+8.`).
bool is_unfinished(std::string_view text, size_t number_begin) {
  const std::string_view before = math::trimmed(text.substr(0, number_begin));
  const bool operand = before.ends_with('*') || before.ends_with('/') || before.ends_with('+') ||
                       before.ends_with("×") || before.ends_with("÷");
  const size_t opened = before.rfind("<<");
  const bool in_calculation = opened != std::string_view::npos &&
                              before.find(">>", opened) == std::string_view::npos &&
                              text.find(">>", number_begin) == std::string_view::npos;
  return (operand && !before.ends_with("**")) || in_calculation;
}

}  // namespace

StatedNumber stated_number(std::string_view text, bool cut_off) {
  text = math::closing_part(text, math::closing_bytes_max);
  if (std::string number = last_hash_number(text); !number.empty()) {
    return {number, "last ####"};
  }
  if (std::string number = last_boxed_number(text); !number.empty()) {
    return {number, "last \\boxed"};
  }
  const std::vector<math::AnswerMarker> markers = math::answer_markers(text);
  for (auto marker = markers.rbegin(); marker != markers.rend(); ++marker) {
    const size_t next = marker == markers.rbegin() ? text.size() : std::prev(marker)->begin;
    const std::string_view until_next = text.substr(0, std::max(next, marker->rest));
    const std::string_view phrase =
        until_next.substr(marker->rest, sentence_end(until_next, marker->rest) - marker->rest);
    if (std::string number = announced_number(phrase); !number.empty()) {
      return {number, "announced answer"};
    }
  }
  if (cut_off) {
    return {"", "the text was cut off before an answer"};
  }
  const std::vector<NumberAt> numbers = numbers_in(text);
  if (numbers.empty()) {
    return {"", "no number in the text"};
  }
  if (is_unfinished(text, numbers.back().begin)) {
    return {"", "the text breaks off in mid-calculation"};
  }
  return {numbers.back().number, "last number"};
}

std::string normal_decimal(std::string_view number) {
  const bool minus = number.starts_with('-');
  if (minus || number.starts_with('+')) {
    number.remove_prefix(1);
  }
  const size_t point = std::min(number.find('.'), number.size());
  std::string_view whole = number.substr(0, point);
  std::string_view part = point < number.size() ? number.substr(point + 1) : "";
  const auto all_digits = [](std::string_view digits) {
    return std::all_of(digits.begin(), digits.end(), is_ascii_digit);
  };
  if ((whole.empty() && part.empty()) || !all_digits(whole) || !all_digits(part)) {
    return "";
  }
  whole.remove_prefix(std::min(whole.find_first_not_of('0'), whole.size()));
  part = part.substr(0, part.find_last_not_of('0') + 1);
  std::string normal = whole.empty() ? "0" : std::string(whole);
  if (!part.empty()) {
    normal += "." + std::string(part);
  }
  return minus && normal != "0" ? "-" + normal : normal;
}

bool same_decimal(std::string_view a, std::string_view b) {
  const std::string normal = normal_decimal(a);
  return !normal.empty() && normal == normal_decimal(b);
}

}  // namespace assay
