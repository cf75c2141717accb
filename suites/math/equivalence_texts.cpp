// Answers in words.
#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "suites/math/equivalence_compare.h"
#include "suites/math/expression/clean.h"

namespace assay::math {
namespace {

template <std::size_t N>
bool is_one_of(const std::array<std::string_view, N>& words, std::string_view word) {
  return std::find(words.begin(), words.end(), word) != words.end();
}

// The words of a text, in lower case, one after another.
template <class Take>
void each_word(std::string_view text, const Take& take) {
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    if (to > from) take(lower(text.substr(from, to - from)));
    from = to + 1;
  }
}

// "The series diverges" says "diverges"; "odd function" says "odd". Empty where nothing is left.
std::string telling_words(std::string_view text) {
  static constexpr std::array<std::string_view, 36> pointing = {
      "the",      "a",        "an",        "it",       "is",     "this",  "that",   "answer",
      "function", "series",   "sequence",  "integral", "limit",  "graph", "number", "shape",
      "figure",   "value",    "curve",     "equation", "we",     "have",  "are",    "they",
      "so",       "be",       "statement", "claim",    "matrix", "of",    "type",   "system",
      "both",     "solution", "solutions", "triangle"};
  std::string rest;
  each_word(text, [&](const std::string& word) {
    if (is_one_of(pointing, word)) return;
    // "non-negative" is "nonnegative".
    if (!rest.empty() && !rest.ends_with("non")) rest += ' ';
    rest += word;
  });
  return rest;
}

// A part of a sentence that denies, counts or sets a condition is more than a name for what the
// rest of the sentence speaks of.
bool says_more_than_a_name(std::string_view subject) {
  static constexpr std::array<std::string_view, 28> words = {
      "not",   "no",    "none",    "neither", "nor",    "never",   "if",
      "when",  "where", "unless",  "since",   "as",     "because", "while",
      "false", "true",  "only",    "all",     "every",  "some",    "any",
      "most",  "few",   "whether", "but",     "except", "without", "cannot"};
  bool found = false;
  each_word(subject, [&](const std::string& word) {
    found = found || is_one_of(words, word) || word.ends_with("n't");
  });
  return found;
}

struct Statement {
  std::string subject;    // telling words in front of the last "is"
  std::string predicate;  // telling words behind it
};

// "The set is linearly independent" says "linearly independent" of the set; 充分条件 says 充分.
Statement statement_of(std::string_view text) {
  for (const std::string_view noun : {"条件", "函数", "三角形"}) {
    if (text.ends_with(noun) && text.size() > noun.size())
      text = text.substr(0, text.size() - noun.size());
  }
  std::size_t end = 0;
  std::size_t behind = 0;
  for (const std::string_view verb : {" is ", " are "}) {
    const auto at = text.rfind(verb);
    if (at == std::string_view::npos || at + verb.size() <= behind) continue;
    end = at;
    behind = at + verb.size();
  }
  if (behind == 0 || says_more_than_a_name(text.substr(0, end)))
    return {.subject = {}, .predicate = telling_words(text)};
  return {.subject = telling_words(text.substr(0, end)),
          .predicate = telling_words(text.substr(behind))};
}

// "Quadrant II" and "II", "Point C" and "C": the kind of a thing in front of its name.
std::string_view without_kind(std::string_view text) {
  static constexpr std::array<std::string_view, 14> kinds = {
      "quadrant", "point", "player",  "team", "company", "box",  "city",
      "group",    "type",  "machine", "line", "step",    "plan", "figure"};
  constexpr std::size_t name_max = 4;
  const auto blank = text.rfind(' ');
  const bool named = blank != std::string_view::npos && text.size() - blank - 1 <= name_max &&
                     is_one_of(kinds, text.substr(0, blank));
  return named ? text.substr(blank + 1) : text;
}

// "neither" and "neither even nor odd".
bool begins_with_neither(std::string_view one, std::string_view other) {
  return one == "neither" && other.starts_with("neither ");
}

// The same is said of the same thing, or one side does not name the thing.
bool say_the_same(std::string_view a, std::string_view b) {
  const Statement one = statement_of(a);
  const Statement other = statement_of(b);
  const bool same_thing =
      one.subject == other.subject || one.subject.empty() || other.subject.empty();
  if (!same_thing || one.predicate.empty()) return false;
  return one.predicate == other.predicate || without_kind(one.predicate) == other.predicate ||
         one.predicate == without_kind(other.predicate) ||
         begins_with_neither(one.predicate, other.predicate) ||
         begins_with_neither(other.predicate, one.predicate);
}

}  // namespace

std::optional<Comparison> compare_runs_of_capitals(const Node& gold, const Node& answer) {
  const bool runs = gold.kind == Kind::multiply && answer.kind == Kind::multiply &&
                    !gold.name.empty() && !answer.name.empty();
  if (!runs || gold.name == answer.name) return std::nullopt;
  std::string a = gold.name;
  std::string b = answer.name;
  std::sort(a.begin(), a.end());
  std::sort(b.begin(), b.end());
  if (a != b) return std::nullopt;
  const auto only = [&](std::string_view letters) {
    return a.find_first_not_of(letters) == std::string::npos;
  };
  // CD is a line as well as a number.
  const bool roman = only("IVXLCDM") && a.find_first_of("IVX") != std::string::npos;
  const bool tosses = only("HT");
  const bool repeated = std::adjacent_find(a.begin(), a.end()) != a.end();
  if (roman || tosses || repeated) return no("the same letters in another order");
  if (a.size() > 2) return Comparison{Same::unknown, "a product of letters, or a word"};
  return std::nullopt;
}

Comparison Comparer::texts(const Node& gold, const Node& answer) {
  const auto empty = [](const Node& n) {
    return (n.kind == Kind::named_set && n.name == "empty") ||
           (n.kind == Kind::text && lower(n.name) == "no real solutions");
  };
  if (empty(gold) && empty(answer)) return yes("no solution on either side");
  if (gold.kind == Kind::date || answer.kind == Kind::date) {
    return gold.kind == answer.kind && gold.name == answer.name ? yes("the same date")
                                                                : no("different dates");
  }
  const std::string a = letters_of(gold);
  const std::string b = letters_of(answer);
  if (a.empty() || b.empty()) {
    if (empty(gold) || empty(answer)) return no("no solution here, a text there");
    return no("a text here, a " +
              std::string(name_of(gold.kind == Kind::text ? answer.kind : gold.kind)) + " there");
  }
  const bool same = policy_.case_sensitive ? a == b : lower(a) == lower(b);
  if (same) return yes("the same text");
  return !policy_.case_sensitive && say_the_same(a, b)
             ? yes("the same words but for what only points at the thing")
             : no("different texts");
}

}  // namespace assay::math
