#include <algorithm>
#include <array>
#include <string>
#include <string_view>

#include "suites/math/expression/clean.h"
#include "suites/math/text_scan.h"

namespace assay::math {
namespace {

enum class Place {
  front,   // at the start of a text, or behind "is": "at least 5"
  middle,  // between two operands: "pi over 4"
  behind,  // behind an operand: "5 squared"
};

struct Phrase {
  std::string_view words;
  std::string_view sign;
  Place place;
};

// Of two that begin alike the longer comes first.
constexpr std::array<Phrase, 33> phrases = {{{"at least", " \\ge ", Place::front},
                                             {"at most", " \\le ", Place::front},
                                             {"no more than", " \\le ", Place::front},
                                             {"not more than", " \\le ", Place::front},
                                             {"no less than", " \\ge ", Place::front},
                                             {"no fewer than", " \\ge ", Place::front},
                                             {"not less than", " \\ge ", Place::front},
                                             {"not equal to", " \\ne ", Place::front},
                                             {"up to", " \\le ", Place::front},
                                             {"less than or equal to", " \\le ", Place::front},
                                             {"less than", " < ", Place::front},
                                             {"fewer than", " < ", Place::front},
                                             {"smaller than", " < ", Place::front},
                                             {"greater than or equal to", " \\ge ", Place::front},
                                             {"greater than", " > ", Place::front},
                                             {"more than", " > ", Place::front},
                                             {"larger than", " > ", Place::front},
                                             {"the square root of", "\\surd ", Place::front},
                                             {"square root of", "\\surd ", Place::front},
                                             {"cube root of", "\\cuberoot ", Place::front},
                                             {"minus", "-", Place::front},
                                             {"negative", "-", Place::front},
                                             {"a", "", Place::front},
                                             {"over", "/", Place::middle},
                                             {"out of", "/", Place::middle},
                                             {"divided by", "/", Place::middle},
                                             {"plus", "+", Place::middle},
                                             {"minus", "-", Place::middle},
                                             {"times", "\\times ", Place::middle},
                                             {"to the power of", "^", Place::middle},
                                             {"to the power", "^", Place::middle},
                                             {"squared", "^2", Place::behind},
                                             {"cubed", "^3", Place::behind}}};

// The run of letters at `at`.
std::string_view word_at(std::string_view text, std::size_t at) {
  std::size_t end = at;
  while (end < text.size() && is_ascii_letter(text[end])) ++end;
  return text.substr(at, end - at);
}

std::string_view word_before(std::string_view text) {
  std::size_t from = text.size();
  while (from > 0 && is_ascii_letter(text[from - 1])) --from;
  return text.substr(from);
}

bool is_short_operand(std::string_view word) {
  return word.size() == 1 || word == "pi";
}

bool ends_with_operand(std::string_view before) {
  if (before.empty()) return false;
  const char last = before.back();
  return is_ascii_digit(last) || last == ')' || last == '}' ||
         is_short_operand(word_before(before));
}

bool begins_with_operand(std::string_view behind) {
  if (behind.empty()) return false;
  const char first = behind.front();
  return is_ascii_digit(first) || first == '(' || first == '\\' || first == '-' ||
         is_short_operand(word_at(behind, 0));
}

// Without "is" at the end; empty where there is none.
std::string_view without_verb(std::string_view text) {
  text = trimmed(text);
  return text.ends_with(" is") ? trimmed(text.substr(0, text.size() - 3)) : std::string_view();
}

bool fits(const Phrase& phrase, std::string_view before, std::string_view behind) {
  if (phrase.place == Place::behind) return ends_with_operand(before);
  if (phrase.place == Place::middle)
    return ends_with_operand(before) && begins_with_operand(behind);
  // "a 1/2", and no letter a.
  if (phrase.words == "a") return before.empty() && !behind.empty() && is_ascii_digit(behind[0]);
  return (before.empty() || word_before(before) == "is") && begins_with_operand(behind);
}

// The phrase at the start of a text, behind `before`; null where there is none.
const Phrase* phrase_at(std::string_view text, std::string_view before) {
  for (const Phrase& phrase : phrases) {
    if (ascii_lower(text[0]) == phrase.words[0] && starts_with_word(text, phrase.words) &&
        fits(phrase, before, trimmed(text.substr(phrase.words.size()))))
      return &phrase;
  }
  return nullptr;
}

}  // namespace

std::string spell_signs(std::string_view text) {
  std::string out;
  while (!text.empty()) {
    const bool starts = is_ascii_letter(text[0]) && !out.ends_with('\\') &&
                        (out.empty() || !is_ascii_letter(out.back()));
    const std::string_view before = trimmed(out);
    const Phrase* found = starts ? phrase_at(text, before) : nullptr;
    if (found == nullptr) {
      const std::size_t taken = std::max<std::size_t>(word_at(text, 0).size(), 1);
      out += text.substr(0, taken);
      text.remove_prefix(taken);
      continue;
    }
    // "x is at least 5"
    const std::string_view subject = without_verb(before);
    if (found->sign.starts_with(' ') && is_short_operand(word_before(subject)))
      out.resize(out.find_first_not_of(' ') + subject.size());
    out += found->sign;
    text.remove_prefix(found->words.size());
  }
  return out;
}

}  // namespace assay::math
