// Python answers: run by one process, checked by another.
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "suites/code/launcher.h"
#include "suites/code/outcome.h"

namespace assay {

// `check` says what is expected, in one of the forms of suites/code/sandbox/check.py:
//   {"form":"code","setup":S,"code":S or [S..],"call":S,"names":[S..]}   tests that are Python
//   {"form":"inputs","reference":S,"call":S,"inputs":[[..]..],"atol":N,"limit_min_s":N,
//    "limit_factor":N,"root_of":S}                                       EvalPlus
//   {"form":"cases","call":S,"cases":[{"arguments":[..],"expected":V}..],"method":B,"limit_s":N}
//   {"form":"output","reference":S,"input":S}, {"form":"input","reference":S,"output":S}  CRUXEval
// What the check guarantees: the answer's process gets the arguments of its calls and nothing else;
// what it returns crosses as plain data; the check's own process writes the verdict, with a token.
// Where a test needs more of a returned object than plain data (attributes, iteration, calls), it
// asks the answer's process each time; such an object equals nothing but itself.
// `sanitize_for`: as in Job.
Outcome check_python(Launcher& launcher, const std::string& code, const nlohmann::json& check,
                     const Limits& limits, const std::string& sanitize_for = "");

// Runs the answer as a program. Where it ends with status 0 the kind is `passed` and `out` is what
// it printed: whether that is right is for the caller to say.
Outcome run_python(Launcher& launcher, const std::string& code, const std::string& input,
                   const Limits& limits, std::string& out);

// The outcome that a check wrote, if this report holds one with this token; else how things ended.
Outcome outcome_of_check(const Report& report, const std::string& token, const Limits& limits);

}  // namespace assay
