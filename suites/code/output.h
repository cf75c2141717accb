// Programs that are judged by what they print. Comparing happens here, outside of the sandbox: the
// program never sees what is expected.
#pragma once

#include <functional>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

#include "suites/code/outcome.h"

namespace assay {

// LiveCodeBench's rule: line by line after trimming; lines that differ may be equal as lists of
// decimal numbers ("1.0 2" and "1 2.00").
bool same_output(std::string_view out, std::string_view expected);

// Runs the program on `input`; `out` is what it printed.
using ProgramRun = std::function<Outcome(const std::string& input, std::string& out)>;

// Runs each of `tests` ({"input", "output"}) until one fails.
Outcome check_output(const ProgramRun& run, const nlohmann::json& tests);

}  // namespace assay
