#include "suites/math/asides.h"

#include <algorithm>
#include <array>
#include <optional>

#include "suites/math/first_bytes.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

enum class Role {
  clause,     // a condition or a reason, with verbs of its own
  qualifier,  // a condition without a verb: the next verb is the sentence's again
  bound,      // a qualifier only in front of a formula: "for $x > 0$", "with $k \in Z$"
  denial,     // what follows, up to the comma, is not the answer
  refusal,    // what stands in front, from where its clause begins, is not the answer
  verb,       // ends qualifiers and denials
  joint,      // a clause begins, unless it joins what an aside is about
  turn,       // ends qualifiers and denials, and a clause begins
  result,     // ends every aside, and a clause begins
};

struct Phrase {
  std::string_view words;
  Role role;
};

constexpr std::array phrase_list = {
    Phrase{"where", Role::clause},
    Phrase{"since", Role::clause},
    Phrase{"because", Role::clause},
    Phrase{"whereas", Role::clause},
    Phrase{"although", Role::clause},
    Phrase{"though", Role::clause},
    Phrase{"while", Role::clause},
    Phrase{"provided", Role::clause},
    Phrase{"assuming", Role::clause},
    Phrase{"unless", Role::clause},
    Phrase{"if", Role::clause},
    Phrase{"iff", Role::clause},
    Phrase{"when", Role::clause},
    Phrase{"whenever", Role::clause},
    Phrase{"with equality", Role::clause},
    Phrase{"equality", Role::clause},
    Phrase{"after", Role::qualifier},
    Phrase{"attained", Role::qualifier},
    Phrase{"achieved", Role::qualifier},
    Phrase{"reached at", Role::qualifier},
    Phrase{"occurring", Role::qualifier},
    Phrase{"for all", Role::qualifier},
    Phrase{"for every", Role::qualifier},
    Phrase{"for each", Role::qualifier},
    Phrase{"for any", Role::qualifier},
    Phrase{"for some", Role::qualifier},
    Phrase{"for real", Role::qualifier},
    Phrase{"for integer", Role::qualifier},
    Phrase{"between", Role::qualifier},
    Phrase{"see", Role::qualifier},
    Phrase{"for", Role::bound},
    Phrase{"with", Role::bound},
    Phrase{"at", Role::bound},
    Phrase{"not", Role::denial},
    Phrase{"cannot be", Role::denial},
    Phrase{"cannot equal", Role::denial},
    Phrase{"can't be", Role::denial},
    Phrase{"rule out", Role::denial},
    Phrase{"other than", Role::denial},
    Phrase{"except", Role::denial},
    Phrase{"rather than", Role::denial},
    Phrase{"instead of", Role::denial},
    Phrase{"than", Role::denial},
    Phrase{"up from", Role::denial},
    Phrase{"down from", Role::denial},
    Phrase{"compared to", Role::denial},
    Phrase{"compared with", Role::denial},
    Phrase{"divisible by", Role::denial},
    Phrase{"multiple of", Role::denial},
    Phrase{"multiples of", Role::denial},
    Phrase{"dividing", Role::denial},
    Phrase{"reject", Role::denial},
    Phrase{"rejecting", Role::denial},
    Phrase{"rejected", Role::denial},
    Phrase{"discard", Role::denial},
    Phrase{"discarding", Role::denial},
    Phrase{"excluding", Role::denial},
    Phrase{"ignoring", Role::denial},
    Phrase{"is", Role::verb},
    Phrase{"are", Role::verb},
    Phrase{"was", Role::verb},
    Phrase{"were", Role::verb},
    Phrase{"equals", Role::verb},
    Phrase{"has", Role::verb},
    Phrase{"have", Role::verb},
    Phrase{"becomes", Role::verb},
    Phrase{"but", Role::turn},
    Phrase{"and", Role::joint},
    Phrase{"however", Role::turn},
    Phrase{"extraneous", Role::refusal},
    Phrase{"impossible", Role::refusal},
    Phrase{"contradicts", Role::refusal},
    Phrase{"a contradiction", Role::refusal},
    Phrase{"is not valid", Role::refusal},
    Phrase{"is invalid", Role::refusal},
    Phrase{"is not possible", Role::refusal},
    Phrase{"is not a solution", Role::refusal},
    Phrase{"is not the answer", Role::refusal},
    Phrase{"is rejected", Role::refusal},
    Phrase{"does not satisfy", Role::refusal},
    Phrase{"doesn't satisfy", Role::refusal},
    Phrase{"keep", Role::verb},
    Phrase{"only", Role::verb},
    Phrase{"leaving", Role::result},
    Phrase{"leaves", Role::result},
    Phrase{"so", Role::result},
    Phrase{"thus", Role::result},
    Phrase{"then", Role::result},
    Phrase{"therefore", Role::result},
    Phrase{"hence", Role::result},
    Phrase{"give", Role::result},
    Phrase{"gives", Role::result},
    Phrase{"giving", Role::result},
    Phrase{"yields", Role::result},
    Phrase{"yielding", Role::result},
    Phrase{"get", Role::result},
    Phrase{"find", Role::result},
    Phrase{"obtain", Role::result},
    Phrase{"we have", Role::result},
    Phrase{"there are", Role::result},
    Phrase{"there is", Role::result},
    Phrase{"answer", Role::result},
    Phrase{"totaling", Role::result},
};
constexpr ByFirstByte phrases(phrase_list, &Phrase::words);

constexpr size_t phrase_bytes_max = 20;  // and what follows it

const Phrase* phrase_at(std::string_view text, size_t at) {
  const std::string_view here = text.substr(at, phrase_bytes_max);
  const Phrase* best = nullptr;
  for (const Phrase& one : phrases.beginning_with(ascii_lower(here.front()))) {
    if (starts_with_word(here, one.words) &&
        (best == nullptr || best->words.size() < one.words.size())) {
      best = &one;
    }
  }
  return best;
}

bool is_relation(std::string_view formula) {
  static constexpr std::array<std::string_view, 11> signs = {
      "=", "<", ">", "\\in", "\\le", "\\ge", "\\ne", "\\lt", "\\gt", "≤", "≥"};
  return std::any_of(signs.begin(), signs.end(), [&](std::string_view sign) {
    return formula.find(sign) != std::string_view::npos;
  });
}

class Scanner {
 public:
  Scanner(std::string_view text, const std::vector<MathSpan>& spans) : text_(text), spans_(spans) {}

  std::vector<Aside> scan() {
    for (size_t at = 0; at < text_.size();) {
      while (span_ < spans_.size() && spans_[span_].end <= at) {
        ++span_;
      }
      if (span_ < spans_.size() && spans_[span_].begin <= at) {
        candidate();
        at = spans_[span_].end;
      } else {
        at = outside(at);
      }
    }
    close(text_.size());
    return std::move(found_);
  }

 private:
  size_t outside(size_t at) {
    const char c = text_[at];
    if (is_ascii_digit(c)) {
      if (!is_reference(text_, at)) {
        candidate();
      }
      while (at < text_.size() && is_ascii_digit(text_[at])) {
        ++at;
      }
      return at;
    }
    if (is_ascii_letter(c)) {
      word(at);
      while (at < text_.size() && is_ascii_letter(text_[at])) {
        ++at;
      }
      worded_ = true;
      return at;
    }
    const bool relative = starts_with_word(text_.substr(at), ", which") ||
                          starts_with_word(text_.substr(at), ", a contradiction");
    if ((c == ',' || c == ';') && !relative) {
      clause_ = at;
    }
    if ((c == ',' || c == ';') && (ends_at_comma_ || open_as_ == Role::denial) &&
        !(at + 1 < text_.size() && is_ascii_digit(text_[at + 1]))) {
      close(at);
    }
    return parenthesis(at);
  }

  // In parentheses behind a candidate stands a remark on it; "f(3)" and "(1, 2)" are none.
  size_t parenthesis(size_t at) {
    for (const auto& [open, end] : {std::pair(" (", ")"), std::pair("（", "）")}) {
      const std::string_view opening = open;
      if (!text_.substr(at).starts_with(opening) || !seen_ || open_) {
        continue;
      }
      const size_t closed = no_parenthesis_ ? std::string_view::npos : text_.find(end, at);
      if (closed == std::string_view::npos) {
        no_parenthesis_ = true;
        break;
      }
      found_.push_back({at, closed});
      return closed;
    }
    return at + 1;
  }

  void word(size_t at) {
    const Phrase* phrase = phrase_at(text_, at);
    if (phrase == nullptr) {
      return;
    }
    switch (phrase->role) {
      case Role::result:
        close(at);
        clause_ = at;
        break;
      case Role::joint:
        clause_ = open_ ? clause_ : at;
        break;
      case Role::turn:
        clause_ = open_as_ == Role::clause ? clause_ : at;
        [[fallthrough]];
      case Role::verb:
        if (open_as_ != Role::clause) {
          close(at);
        }
        break;
      case Role::denial:
        open(at, Role::denial, false);
        break;
      case Role::refusal:
        refuse(at);
        break;
      case Role::bound:
        if (relation_follows(at + phrase->words.size())) {
          open(at, Role::qualifier, true);
        }
        break;
      case Role::qualifier:
      case Role::clause:
        open(at, relation_follows(at + phrase->words.size()) ? Role::qualifier : phrase->role,
             true);
        break;
    }
  }

  bool relation_follows(size_t at) const {
    return span_ < spans_.size() && at + 1 == spans_[span_].begin &&
           is_relation(text_.substr(at, spans_[span_].end - at));
  }

  // A condition needs something in front of it that it restricts, or begins the sentence.
  void open(size_t at, Role role, bool condition) {
    if (open_ || (condition && !seen_ && worded_)) {
      return;
    }
    open_ = at;
    open_as_ = role;
    ends_at_comma_ = condition && !seen_;
  }

  void refuse(size_t at) {
    open_.reset();
    open_as_.reset();
    while (!found_.empty() && found_.back().end > clause_) {
      clause_ = std::min(clause_, found_.back().begin);
      found_.pop_back();
    }
    found_.push_back({clause_, at});
    clause_ = at;
  }

  void close(size_t at) {
    if (open_) {
      found_.push_back({*open_, at});
      open_.reset();
      open_as_.reset();
      ends_at_comma_ = false;
    }
  }

  void candidate() { seen_ = seen_ || !open_; }

  std::string_view text_;
  const std::vector<MathSpan>& spans_;
  size_t span_ = 0;             // the first that does not end before here
  size_t clause_ = 0;           // where it begins
  std::optional<size_t> open_;  // where the aside began
  std::optional<Role> open_as_;
  bool ends_at_comma_ = false;
  bool seen_ = false;    // something that could be the answer
  bool worded_ = false;  // a word
  bool no_parenthesis_ = false;
  std::vector<Aside> found_;
};

// The word that ends before `at`, blanks, asterisks and an opening parenthesis between skipped.
std::string_view word_before(std::string_view text, size_t at) {
  constexpr size_t looked_at_max = 24;
  const size_t from = at > looked_at_max ? at - looked_at_max : 0;
  while (at > from && (text[at - 1] == ' ' || text[at - 1] == '(' || text[at - 1] == '#' ||
                       text[at - 1] == '.' || text[at - 1] == ':' || text[at - 1] == '*')) {
    --at;
  }
  size_t begin = at;
  while (begin > from && is_ascii_letter(text[begin - 1])) {
    --begin;
  }
  return text.substr(begin, at - begin);
}

}  // namespace

std::vector<Aside> asides(std::string_view sentence, const std::vector<MathSpan>& spans) {
  return Scanner(sentence, spans).scan();
}

bool is_reference(std::string_view text, size_t at) {
  static constexpr std::array<std::string_view, 28> names = {
      "Step",        "Steps",   "Case",     "Cases",    "Part",     "Lemma",      "Theorem",
      "Corollary",   "Figure",  "Fig",      "Table",    "Equation", "Equations",  "Eq",
      "Eqs",         "Problem", "Question", "Exercise", "Example",  "Section",    "Chapter",
      "Proposition", "Claim",   "Remark",   "Method",   "Approach", "Confidence", "Note"};
  const std::string_view word = word_before(text, at);
  return !word.empty() && std::any_of(names.begin(), names.end(), [&](std::string_view name) {
    return equal_ignoring_case(word, name);
  });
}

bool concludes_nothing(std::string_view sentence) {
  static constexpr std::array<std::string_view, 7> starts = {
      "let", "suppose", "assume", "consider", "let's", "imagine", "now we"};
  while (!sentence.empty() && !is_ascii_letter(sentence.front()) &&
         (sentence.front() == '*' || sentence.front() == '-' || is_blank(sentence.front()))) {
    sentence.remove_prefix(1);
  }
  static constexpr std::array<std::string_view, 3> faults = {"incorrect answer", "wrong answer",
                                                             "common mistake"};
  return sentence.ends_with('?') ||
         std::any_of(
             faults.begin(), faults.end(),
             [&](std::string_view fault) { return sentence.find(fault) != sentence.npos; }) ||
         std::any_of(starts.begin(), starts.end(),
                     [&](std::string_view start) { return starts_with_word(sentence, start); });
}

}  // namespace assay::math
