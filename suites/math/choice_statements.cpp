#include "suites/math/choice_statements.h"

#include <algorithm>

namespace assay::math {

namespace {

constexpr role::Roles denials = role::wrong | role::negation;
constexpr size_t clause_tokens_max = 64;  // looked at around an announcement
constexpr size_t gap_tokens_max = 6;      // punctuation between a claim and what takes it back
constexpr size_t back_tokens_max = 12;    // of what takes a claim back

}  // namespace

ChoiceText::ChoiceText(std::string_view text, size_t options, bool judged)
    : tokens_(choice_tokens(text, options)), judged_(judged) {
  for (size_t i = 0; i + 1 < tokens_.size(); ++i) {
    if (tokens_[i].is(role::letters) && is_judged_inline(i)) {
      tokens_[i].label = true;
    }
  }
}

// "A. wrong B. wrong C. correct", on one line.
bool ChoiceText::is_judged_inline(size_t letters) const {
  const auto roles = [&](size_t place) {
    return place < tokens_.size() ? tokens_[place].roles : role::line;
  };
  constexpr role::Roles verdict = role::right | role::wrong;
  return judged_ && (roles(letters + 1) & (role::stop | role::colon)) != 0 &&
         (roles(letters + 2) & verdict) != 0 &&
         (roles(letters + 3) & (role::ends_clause | role::letters)) != 0;
}

// The first token that begins at `place` or behind it.
size_t ChoiceText::at(size_t place) const {
  const auto found = std::lower_bound(
      tokens_.begin(), tokens_.end(), place,
      [](const ChoiceToken& token, size_t sought) { return token.begin < sought; });
  return static_cast<size_t>(found - tokens_.begin());
}

// Behind the clause whose first token is `first`.
size_t ChoiceText::clause_end(size_t first, size_t tokens_max) const {
  bool letters = false;
  bool leading = true;  // "So," belongs to what it leads to
  const size_t last = std::min(tokens_.size() - first, tokens_max) + first;
  for (size_t i = first; i < last; ++i) {
    const ChoiceToken& token = tokens_[i];
    const bool next = i > first && (token.label || token.is(role::starts) ||
                                    (letters && token.is(role::starts_late)));
    if (leading && i > first && token.is(role::comma)) {
      continue;
    }
    if (next || token.is(role::ends_clause)) {
      return i;
    }
    leading = leading && token.is(role::pointing);
    letters = letters || token.is(role::letters);
  }
  return last;
}

// "Correction", "No.", "that is not right", "is wrong"
bool ChoiceText::takes_back(size_t first) const {
  for (const size_t from = first; first < tokens_.size() && first - from < gap_tokens_max &&
                                  tokens_[first].is(role::ends_clause | role::starts) &&
                                  !tokens_[first].is(role::negation);) {
    ++first;
  }
  if (first >= tokens_.size()) {
    return false;
  }
  const size_t end = clause_end(first, back_tokens_max);
  if (first >= end) {
    return false;
  }
  if (tokens_[first].is(role::withdrawal)) {
    // "No other option works" takes nothing back.
    return !tokens_[first].is(role::negation) || first + 1 == end ||
           tokens_[first + 1].is(role::withdrawal);
  }
  bool wrong = false;
  bool negated = false;
  bool right = false;
  for (size_t i = first; i < end; ++i) {
    const ChoiceToken& token = tokens_[i];
    if (token.is(role::letters) || !token.is(role::pointing | role::verb | denials)) {
      return false;
    }
    wrong = wrong || token.is(role::wrong);
    negated = negated || token.is(role::negation);
    right = right || token.is(role::right | role::choosing);
  }
  return wrong != negated && (wrong || right);
}

StandingAt ChoiceText::standing(size_t begin, size_t rest) const {
  const size_t marker = at(begin);
  for (size_t i = marker; i-- > 0 && marker - i < clause_tokens_max;) {
    if (tokens_[i].is(role::ends_clause | role::colon)) {
      break;
    }
    if (tokens_[i].is(role::doubt | denials)) {
      return {Standing::supposed, rest};
    }
    if (tokens_[i].is(role::starts)) {
      break;
    }
  }
  size_t i = at(rest);
  for (const size_t last = std::min(tokens_.size(), i + clause_tokens_max);
       i < last && !tokens_[i].is(role::ends_sentence); ++i) {
    if (tokens_[i].is(role::comma | role::starts) && !tokens_[i].is(role::negation) &&
        takes_back(i)) {
      return {Standing::withdrawn, tokens_[i].begin};
    }
  }
  if (i < tokens_.size() && tokens_[i].is(role::question)) {
    return {Standing::supposed, rest};
  }
  return takes_back(i) ? StandingAt{Standing::withdrawn, tokens_[i].begin} : StandingAt{};
}

bool ChoiceText::is_denied(size_t begin, size_t end) const {
  const size_t from = at(begin);
  const auto denies = [&](const ChoiceToken& token) { return token.is(denials | role::doubt); };
  for (size_t i = from; i-- > 0 && !tokens_[i].is(role::ends_clause);) {
    if (denies(tokens_[i])) {
      return true;
    }
    if (tokens_[i].is(role::starts)) {
      break;
    }
  }
  for (size_t i = at(end); i < tokens_.size(); ++i) {
    if (tokens_[i].is(role::ends_clause | role::starts)) {
      return tokens_[i].is(role::question);
    }
    if (denies(tokens_[i])) {
      return true;
    }
  }
  return false;
}

// "C: correct", "C. 18 - yes"; what an option itself says is no verdict.
LetterStatement ChoiceText::label(size_t first, size_t end) const {
  LetterStatement statement;
  statement.letters = tokens_[first].letters;
  statement.named = true;
  statement.label = true;
  statement.begin = tokens_[first].begin;
  size_t begin = first + 1;
  while (begin < end && tokens_[begin].is(role::stop | role::colon | role::verb)) {
    ++begin;
  }
  if (!judged_ || begin >= end) {
    return statement;
  }
  const auto verdict = [](const ChoiceToken& token) {
    return token.is(denials) ? Claim::rejected
                             : (token.is(role::right) ? Claim::right : Claim::mentioned);
  };
  statement.claim = verdict(tokens_[begin]);
  if (statement.claim == Claim::mentioned) {
    statement.claim = verdict(tokens_[end - 1]);
    const auto denied = [](const ChoiceToken& token) { return token.is(denials | role::doubt); };
    const bool turned = std::any_of(tokens_.begin() + static_cast<std::ptrdiff_t>(begin),
                                    tokens_.begin() + static_cast<std::ptrdiff_t>(end), denied);
    if (statement.claim == Claim::right && turned) {
      statement.claim = Claim::mentioned;
    }
  } else if (statement.claim == Claim::rejected && begin + 1 < end &&
             tokens_[begin].is(role::negation) && tokens_[begin + 1].is(role::wrong)) {
    statement.claim = Claim::mentioned;
  }
  return statement;
}

// "is correct", "is the best answer", "works"
bool ChoiceText::called_right(size_t letters, size_t end) const {
  bool verb = false;
  for (size_t i = letters + 1; i < end; ++i) {
    const ChoiceToken& token = tokens_[i];
    verb = verb || token.is(role::verb);
    if (token.is(role::right) || (verb && token.is(role::choosing))) {
      return true;
    }
    if (!token.is(role::pointing | role::verb)) {
      return false;
    }
  }
  return false;
}

// "The incorrect statement is C", "what is not true is C": the answer to a question for just that.
bool ChoiceText::denies_subject(size_t first, size_t letters) const {
  if (letters == first || !tokens_[letters - 1].is(role::verb) ||
      tokens_[letters - 1].is(role::negation)) {
    return false;
  }
  bool right = false;
  for (size_t i = letters - 1; i-- > first;) {
    if (tokens_[i].is(role::wrong) || (right && tokens_[i].is(role::negation))) {
      return true;
    }
    if (!tokens_[i].is(role::pointing)) {
      return false;
    }
    right = right || tokens_[i].is(role::right);
  }
  return false;
}

Claim ChoiceText::pointed_to(size_t first, size_t letters, size_t end, bool* announced) const {
  for (size_t i = letters + 1; i < end; ++i) {
    if (!tokens_[i].is(role::colon | role::naming)) {
      return Claim::mentioned;
    }
  }
  size_t run = letters;
  bool leads = false;
  while (run > first && tokens_[run - 1].is(role::pointing | role::colon | role::comma)) {
    --run;
    *announced = *announced || tokens_[run].is(role::choosing);
    leads = leads || !tokens_[run].is(role::naming | role::comma);
  }
  return *announced || (leads && run == first) ? Claim::pointed : Claim::mentioned;
}

void ChoiceText::clause(size_t first, size_t end, bool asked,
                        std::vector<LetterStatement>& out) const {
  bool denied = false;
  bool supposed = asked;
  bool revised = false;
  size_t count = 0;
  for (size_t i = first; i < end; ++i) {
    denied = denied || tokens_[i].is(denials);
    supposed = supposed || tokens_[i].is(role::doubt);
    revised = revised || tokens_[i].is(role::withdrawal);
    count += tokens_[i].is(role::letters) ? 1 : 0;
  }
  for (size_t i = first; i < end && count > 0; ++i) {
    const ChoiceToken& token = tokens_[i];
    if (!token.is(role::letters) || token.lower) {
      continue;
    }
    LetterStatement statement;
    statement.letters = token.letters;
    statement.alternatives = token.alternatives;
    statement.named = token.bracketed || (i > first && tokens_[i - 1].is(role::naming)) ||
                      (i + 1 < end && tokens_[i + 1].is(role::naming));
    statement.revised = revised;
    statement.begin = token.begin;
    bool announced = false;
    if (denied && count == 1 && i + 1 == end && denies_subject(first, i)) {
      statement.claim = Claim::pointed;
    } else if (denied) {
      statement.claim = Claim::rejected;
    } else if (supposed) {
      statement.claim = Claim::supposed;
    } else if (count == 1) {
      statement.claim = called_right(i, end) ? Claim::right : pointed_to(first, i, end, &announced);
    }
    statement.announced = announced;
    if (!token.run || statement.claim == Claim::pointed) {
      out.push_back(statement);
    }
  }
}

std::vector<LetterStatement> ChoiceText::statements() const {
  std::vector<bool> asked(tokens_.size() + 1, false);
  for (size_t i = tokens_.size(); i-- > 0;) {
    asked[i] = tokens_[i].is(role::ends_sentence) ? tokens_[i].is(role::question) : asked[i + 1];
  }
  std::vector<LetterStatement> out;
  bool revised = false;
  for (size_t first = 0; first < tokens_.size();) {
    size_t end = std::max(clause_end(first, tokens_.size()), first + 1);
    const size_t before = out.size();
    revised = revised || takes_back(first);
    if (tokens_[first].label) {
      const bool stopped = end < tokens_.size() && tokens_[end].is(role::stop | role::colon);
      if (stopped && end == first + 1 && is_judged_inline(first)) {
        end = std::max(clause_end(end + 1, clause_tokens_max), end + 1);
      }
      out.push_back(label(first, end));
    } else {
      clause(first, end, asked[first], out);
    }
    for (size_t i = before; i < out.size(); ++i) {
      out[i].revised = out[i].revised || revised;
    }
    revised = revised && out.size() == before;
    first = end;
  }
  return out;
}

ChoiceToken ChoiceText::leading() const {
  size_t i = 0;
  while (i < tokens_.size() && i < clause_tokens_max && !tokens_[i].is(role::letters) &&
         tokens_[i].is(role::pointing | role::joint_or | role::colon | role::line)) {
    ++i;
  }
  if (i >= tokens_.size() || !tokens_[i].is(role::letters)) {
    return {};
  }
  const ChoiceToken& token = tokens_[i];
  if (token.label || i + 1 >= tokens_.size()) {
    return token;
  }
  size_t next = i + 1;
  while (next < tokens_.size() && tokens_[next].is(role::naming)) {
    ++next;
  }
  if (next >= tokens_.size()) {
    return token;
  }
  const bool denied = tokens_[next].is(denials) && !tokens_[next].is(role::starts);
  bool verdict = false;
  if (tokens_[next].is(role::verb)) {
    for (size_t k = next, end = clause_end(next, clause_tokens_max); k < end; ++k) {
      verdict = verdict || tokens_[k].is(denials | role::doubt);
    }
  }
  return verdict || (denied && !token.bracketed) ? ChoiceToken{} : token;
}

LetterStatement conclusion(const std::vector<LetterStatement>& statements, size_t options) {
  const Letters all = options >= 32 ? ~Letters{0} : (Letters{1} << options) - 1;
  LetterStatement result;
  bool pointed = false;
  for (const LetterStatement& statement : statements) {
    switch (statement.claim) {
      case Claim::pointed:
        if (statement.letters == all && !statement.announced) {
          break;  // the options are told once more
        }
        result = statement;
        pointed = true;
        break;
      case Claim::right:
        if (statement.revised || result.letters == 0) {
          result = statement;
        } else if (!pointed || (statement.letters & ~result.letters) != 0) {
          result.letters |= statement.letters;
          result.alternatives = result.alternatives || statement.alternatives;
        }
        break;
      case Claim::rejected:
        result.letters &= ~statement.letters;
        break;
      default:
        break;
    }
  }
  return result;
}

}  // namespace assay::math
