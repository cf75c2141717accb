#include "suites/math/extraction.h"

#include <algorithm>

#include "suites/math/boxed.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

Extraction found(std::string_view answer, std::string how) {
  if (trimmed(answer).empty()) {
    return {"", how + " is empty", Absence::not_found};
  }
  if (answer.size() > answer_bytes_max) {
    return {"", how + " is longer than any answer", Absence::not_found};
  }
  return {std::string(answer), std::move(how), Absence::none};
}

Extraction absent(std::string how) {
  return {"", std::move(how), Absence::not_found};
}

// Finds "answer", any case, blanks, a colon, blanks; returns where what follows begins, else npos.
size_t behind_answer_colon(std::string_view text, size_t at, bool blanks_before_colon) {
  constexpr std::string_view word = "answer";
  if (ascii_lower(text[at]) != word[0] || !starts_with_ignoring_case(text.substr(at), word)) {
    return std::string_view::npos;
  }
  at += word.size();
  while (blanks_before_colon && at < text.size() && is_blank(text[at])) {
    ++at;
  }
  if (at >= text.size() || text[at] != ':') {
    return std::string_view::npos;
  }
  ++at;
  while (at < text.size() && is_blank(text[at])) {
    ++at;
  }
  return at;
}

std::string_view digits_at(std::string_view text, size_t at) {
  size_t end = at;
  while (end < text.size() && is_ascii_digit(text[end])) {
    ++end;
  }
  return text.substr(at, end - at);
}

// \boxed{\s*(\d+)\s*}, the last.
std::string_view last_boxed_digits(std::string_view text) {
  constexpr std::string_view command = "\\boxed{";
  for (size_t at = find_last(text, command); at != std::string_view::npos && !text.empty();) {
    const std::string_view rest = text.substr(at + command.size());
    const size_t close = rest.find('}');
    const std::string_view inner =
        close == std::string_view::npos ? "" : trimmed(rest.substr(0, close));
    if (!inner.empty() && digits_at(inner, 0).size() == inner.size()) {
      return inner;
    }
    text = text.substr(0, at);
    at = find_last(text, command);
  }
  return {};
}

// Answer:\s*(\d+)(?!\.)\b, the last.
std::string_view last_answer_digits(std::string_view text) {
  std::string_view last;
  for (size_t at = 0; at < text.size(); ++at) {
    const size_t begin = behind_answer_colon(text, at, false);
    if (begin == std::string_view::npos) {
      continue;
    }
    const std::string_view digits = digits_at(text, begin);
    const size_t end = begin + digits.size();
    const bool bounded =
        end == text.size() || !(is_ascii_letter(text[end]) || text[end] == '_' || text[end] == '.');
    if (!digits.empty() && bounded) {
      last = digits;
    }
  }
  return last;
}

}  // namespace

Extraction extract_hendrycks(std::string_view response) {
  response = examined_part(response);
  if (const auto box = last_boxed_hendrycks(response)) {
    return found(*box, "last \\boxed");
  }
  const size_t first = response.find('$');
  const size_t last = response.rfind('$');
  if (first == last) {
    return found(response, "no box and no formula: the whole text");
  }
  return found(response.substr(first + 1, last - first - 1), "between the first and the last $");
}

Extraction extract_minerva(std::string_view response) {
  constexpr std::string_view start = "Final Answer: The final answer is";
  constexpr std::string_view end = " I hope it is correct.";
  const std::string text = std::string(examined_part(response)) + "I hope it is correct.";
  const std::string_view view = text;
  // Where the end is not found behind the first announcement of a line, it is behind none of them.
  for (size_t at = view.find(start), line_end = 0; at != std::string_view::npos;
       at = line_end == std::string_view::npos ? line_end : view.find(start, line_end)) {
    line_end = view.find('\n', at);
    const std::string_view line = view.substr(at + start.size(), line_end - at - start.size());
    const size_t close = line.find(end, 1);
    if (close != std::string_view::npos) {
      return found(trimmed(line.substr(0, close - 1)), "The final answer is ...");
    }
  }
  return absent("no \"Final Answer: The final answer is ... I hope it is correct.\"");
}

Extraction extract_prm800k(std::string_view response) {
  response = examined_part(response);
  constexpr std::string_view marker = "# Answer\n\n";
  const size_t at = find_last(response, marker);
  if (at != std::string_view::npos) {
    return found(trimmed(response.substr(at + marker.size())), "# Answer");
  }
  return extract_boxed(response);
}

Extraction extract_boxed(std::string_view response) {
  const auto box = last_boxed_balanced(examined_part(response));
  return box ? found(*box, "last \\boxed") : absent("no \\boxed{..} with balanced braces");
}

Extraction extract_aime(std::string_view response) {
  response = examined_part(response);
  const std::string_view boxed = last_boxed_digits(response);
  std::string_view digits = boxed.empty() ? last_answer_digits(response) : boxed;
  if (digits.empty()) {
    return absent("no \\boxed{integer} and no Answer: integer");
  }
  while (digits.size() > 1 && digits.starts_with('0')) {
    digits.remove_prefix(1);
  }
  if (digits.size() > 3) {
    return absent("the integer is not between 0 and 999");
  }
  return found(digits, boxed.empty() ? "last Answer: integer" : "last \\boxed{integer}");
}

Extraction extract_simple_evals(std::string_view response) {
  response = examined_part(response);
  for (size_t at = 0; at < response.size(); ++at) {
    const size_t begin = behind_answer_colon(response, at, true);
    if (begin == std::string_view::npos || begin >= response.size()) {
      continue;
    }
    const std::string_view line = response.substr(begin, response.find('\n', begin) - begin);
    return found(trimmed(line), "first Answer:");
  }
  return absent("no Answer:");
}

}  // namespace assay::math
