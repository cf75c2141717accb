// What became of a program, and how that reads as a verdict.
#pragma once

#include <string>
#include <string_view>

#include "harness/suite.h"
#include "suites/code/launcher.h"

namespace assay {

enum class Kind {
  passed,
  wrong_answer,
  exception,     // it raised, crashed, or ended itself
  syntax_error,  // Python
  compile_error,
  timed_out,
  out_of_memory,
  output_limit,
  forbidden_call,
  harness_failure,  // never counted as wrong: the verdict has no value
};

std::string_view to_text(Kind kind);

struct Outcome {
  Kind kind = Kind::harness_failure;
  std::string why;    // one line
  int calls = 0;      // of the answer by its check, where they are counted
  double time_s = 0;  // the answer's own: in calls, or in all where it is a program
};

// value 1, 0 or empty; label: the kind; reason: why. `extracted` is the code that was run.
// `details` holds calls and run_time_s.
Verdict to_verdict(const Outcome& outcome, std::string extracted);

// How an answer's process ended by itself, before a check could say anything.
Outcome outcome_of_ending(const Report& report, const Limits& limits);

// Unlike any other of this process or an earlier one: 128 random bits in hex.
std::string fresh_token();

// One line without control characters, cut at about 300 bytes.
std::string one_line(std::string_view text);

}  // namespace assay
