// The text of a C++ program that holds an answer and its check in one: for questions whose types
// cannot cross between two programs.
#pragma once

#include <optional>
#include <string>

#include "suites/code/cpp_signature.h"

namespace assay {

// Names and numbers that whoever wrote the answer cannot know. The source never lies in a file that
// the answer's #include or .incbin could name, and differs in every process of ours.
struct JoinedSecrets {
  std::string name;   // of our namespace and functions
  std::string begun;  // hexadecimal, 64 bits: what a program holds while the test's main runs
  std::string proof;  // what it writes once that has returned
};

// The same for the same program in one process, so that compiled programs can be kept.
JoinedSecrets joined_secrets(const std::string& answer, const std::string& tests);

// Why an answer may not be joined with a check, or an empty text: it compares values of types that
// are not its own, or makes names from parts, so that what the test says would not be what it does.
// `prompt`'s own text in it does not count.
std::string joined_objection(const std::string& answer, const std::string& prompt);

enum class JoinedForm {
  real,      // the answer's function
  replaced,  // the answer's text, with a function in the place of its own that returns nothing much
  only_stub,  // that function and the prompt's text, nothing of the answer's
};

// `signature` may be empty where the prompt has none that can be read; JoinedForm::real is the only
// kind then. Empty where the tests have no main.
std::optional<std::string> joined_program(const std::optional<CppSignature>& signature,
                                          const std::string& answer, const std::string& tests,
                                          const JoinedSecrets& secrets, JoinedForm form);

}  // namespace assay
