// Are two mathematical answers the same? Exact where exactness decides, numerical with a proven
// error where it must be, "undecided" where neither can tell.
//
// Thread rule: every function is const and re-entrant. None throws on any text; each is bounded in
// length, nesting, digits, exponents and points, and by a count of what it computes: about a
// millisecond at most, which tests/bench/math_slowest.cpp measures on hostile texts.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/policy.h"

namespace assay::math {

enum class Decision { equal, different, undecided };

std::string_view name_of(Decision decision);

struct Judgement {
  Decision decision = Decision::undecided;
  std::string reason;  // one line: what decided, or why nothing could
};

// The text may be LaTeX, Unicode or ASCII mathematics, words or Chinese; $..$, \boxed{..} and a
// sentence around the answer are taken off. Asymmetric only where the policy says so.
Judgement equivalent(std::string_view gold, std::string_view answer, const Policy& policy);

// Reference answers of which one is to be found (the options of a question), compared with one text
// after another. Each is read once, a text once for all of them. All that one object compares costs
// about what a single judgement may: what comes after that is undecided. Not for several threads.
class References {
 public:
  // `policy` has to outlive it, and compares by value.
  References(const std::vector<std::string>& golds, const Policy& policy);
  ~References();

  // One judgement for each of the references, in their order.
  std::vector<Judgement> compare(std::string_view answer);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

// Equal for equivalent answers wherever the form can be made canonical: what cons@k counts. Answers
// that are formulas fall together by their values. Empty for an empty answer.
std::string vote_key(std::string_view answer, const Policy& policy);

struct SideReading {
  std::string taken;      // the text that was judged, after what stood around it was taken off
  std::string canonical;  // as the engine read it
  std::string kind;       // "number", "interval", "text" ...
};

struct Explanation {
  SideReading gold;
  SideReading answer;
  Judgement judgement;
};

// For `assay explain`.
Explanation explain(std::string_view gold, std::string_view answer, const Policy& policy);

}  // namespace assay::math
