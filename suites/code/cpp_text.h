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

// Answer and check in one. `name` is unknown to whoever wrote the answer.
std::optional<std::string> joined_program(const std::string& answer, const std::string& tests,
                                          const std::string& name);

}  // namespace assay
