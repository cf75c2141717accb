// The conventions by which the field judges mathematical answers: a rule that takes the answer out
// of the text, and a policy that says what equals it. Thread rule: const and re-entrant.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "suites/math/equivalence.h"
#include "suites/math/final_answer.h"

namespace assay::math {

struct Convention {
  std::string_view name;
  std::string_view extraction;  // one phrase for people
  std::string_view policy;      // of policies()
};

// All of them; the first is our own and the default:
//   final-answer    final_answer.h, values with common sense about units and forms
//   strict          the same extraction; only exactly what was asked for is right
//   boxed           the last \boxed and nothing else, by value
//   hendrycks, minerva, prm800k, simple-evals, math-verify    as extraction.h has them
//   mlperf-r1       MATH-500: last \boxed, prm800k's grader; mlperf-r1-aime: integers 0 to 999
//   olympiadbench   our extraction, numbers within the tolerance of the question
//   math-v          our extraction, values within half a unit of the second decimal place (as
//                   mathllm/MATH-V rounds them)
std::span<const Convention> conventions();

// Throws UserError that lists the names.
const Convention& convention(std::string_view name);

// The policy of equivalence that a name stands for: a convention's, else the policy of that name.
// Throws UserError.
const Policy& policy_of(std::string_view name);

struct Judged {
  Decision decision = Decision::different;
  bool found = false;     // whether there was an answer to judge
  std::string extracted;  // empty unless found
  std::string reason;     // one line: what was taken, and what decided
  std::string vote;       // equal for equivalent answers; empty unless found
  Absence absence = Absence::none;
};

// `cut_off`: the model was stopped by a limit. Linear in the length of the response, any bytes do.
Judged judge(const Convention& convention, std::string_view response, std::string_view gold,
             bool cut_off = false);

// The same by another policy than the convention's own (a question with its own tolerance).
Judged judge_by(const Convention& convention, const Policy& policy, std::string_view response,
                std::string_view gold, bool cut_off = false);

// The first line of a long text, cut at 200 bytes and never inside a character: for reasons.
std::string shortened(std::string_view text);

}  // namespace assay::math
