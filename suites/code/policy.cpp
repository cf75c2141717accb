#include "suites/code/policy.h"

#include <array>

#include <fmt/core.h>

#include "harness/error.h"
#include "suites/code/cpp_signature.h"

namespace assay {

namespace {

// Times: 3 s for human-eval and what runs its executor (simple-evals' declared 120 s never takes
// effect), 61 s for EvalPlus as a whole, 6 s a test for LiveCodeBench.
constexpr std::array policies = {
    CodePolicy{"auto", Pick::as_is, Assembly::whole, false, true, 8},
    CodePolicy{"human-eval", Pick::as_is, Assembly::continuation, false, false, 3},
    CodePolicy{"simple-evals", Pick::first_block, Assembly::body, false, false, 3},
    CodePolicy{"deepseek-coder", Pick::first_block, Assembly::whole, false, false, 3},
    CodePolicy{"lm-eval", Pick::until_fence, Assembly::continuation, false, false, 3},
    CodePolicy{"evalplus", Pick::as_is, Assembly::alone, true, false, 61},
    CodePolicy{"livecodebench", Pick::between_last_two, Assembly::whole, false, true, 6},
    CodePolicy{"first-block", Pick::first_block, Assembly::whole, false, true, 8},
    CodePolicy{"last-block", Pick::last_block, Assembly::whole, false, true, 8},
};

constexpr std::string_view common_imports =
    "from typing import *\nimport math, re, collections, itertools, functools, heapq, string, "
    "random, "
    "bisect, operator, copy\nfrom collections import *\n";

bool has_fence(std::string_view text) {
  return text.substr(0, 3) == "```" || text.find("\n```") != std::string_view::npos;
}

std::string picked(const CodePolicy& policy, const std::string& response,
                   const std::vector<std::string_view>& labels) {
  const bool is_auto = policy.name == "auto";
  return pick_code(response, is_auto && has_fence(response) ? Pick::first_block : policy.pick,
                   labels);
}

}  // namespace

const CodePolicy& code_policy(std::string_view name) {
  std::string known;
  for (const CodePolicy& policy : policies) {
    if (policy.name == name) {
      return policy;
    }
    known += fmt::format("{}{}", known.empty() ? "" : ", ", policy.name);
  }
  throw UserError(fmt::format("--policy: '{}' is none of {}", name, known));
}

std::string python_text(const CodePolicy& policy, const std::string& prompt,
                        const std::string& entry_point, const std::string& response) {
  std::string code = picked(policy, response, python_labels);
  if (policy.assembly == Assembly::continuation) {
    return prompt + code;
  }
  if (policy.assembly == Assembly::alone) {
    return defines_python(code, entry_point) ? code : prompt + "\n" + code;
  }
  if (policy.assembly == Assembly::body) {
    return prompt + after_signature(code);
  }
  const bool whole = entry_point.empty() || defines_python(code, entry_point);
  code = (whole ? before_definition(prompt, entry_point) : prompt) + code;
  // Imports from the future must stay the first statement.
  const bool add_imports = policy.common_imports && code.find("__future__") == std::string::npos;
  return add_imports ? std::string(common_imports) + code : code;
}

std::string cpp_text(const CodePolicy& policy, const std::string& prompt,
                     const std::string& response, const std::string& tests) {
  const std::string code = picked(policy, response, cpp_labels);
  const std::optional<CppSignature> signature = cpp_signature(prompt);
  const bool may_be_whole = policy.assembly != Assembly::continuation || policy.name == "auto";
  if (may_be_whole && signature) {
    const std::string plain = without_comments(code);
    const std::size_t at = plain.find(signature->name + "(");
    const std::size_t brace = plain.find('{');
    // The function's own name before the first brace, or after a helper's end: it is defined here.
    const bool defines = at != std::string::npos && brace != std::string::npos &&
                         (at < brace || plain.find("\n" + signature->result) != std::string::npos);
    if (defines && plain.find('}') != std::string::npos) {
      return signature->before + code;
    }
  }
  const std::size_t first = tests.find_first_not_of(" \t\r\n");
  const bool brace_is_missing = first != std::string::npos && tests[first] == '}';
  return prompt + code + (brace_is_missing ? "\n}" : "");
}

}  // namespace assay
