// The texts of generated C++ programs.
#pragma once

#include <optional>
#include <string>

#include "suites/code/cpp_program.h"
#include "suites/code/cpp_signature.h"

namespace assay {

// The program of an answer that serves the calls of a check.
std::string answer_program(const CppSignature& signature, const std::string& answer);

// The program of a check that calls such an answer. Empty where the tests have no main.
std::optional<std::string> check_program(const CppSignature& signature, const std::string& tests);

// MultiPL-E's tests begin with the brace that ends the answer's function: an answer that is whole
// has its own.
std::string without_opening_brace(const std::string& tests);

}  // namespace assay
