// Are two mathematical answers the same? Exact where exactness decides, numerical with a proven
// error where it must be, "undecided" where neither can tell.
//
// Thread rule: every function is const and re-entrant. None throws on any text; each is bounded in
// length, nesting, digits, exponents and points, so that no input costs more than a millisecond.
#pragma once

#include <string>
#include <string_view>

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
