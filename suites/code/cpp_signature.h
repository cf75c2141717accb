// The function that a C++ question asks for, read from its prompt.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace assay {

struct CppSignature {
  std::string
      before;  // the prompt up to the function: includes, using, its own functions and types
  std::string result;  // "vector<int>"
  std::string name;
  std::vector<std::string> parameters;  // types as declared: "const string&"
  bool crosses = true;  // false: pointers and results by reference mean nothing in another process
};

// The function whose body the prompt opens and leaves open, or the last one it defines or declares
// where none is left open. Empty where there is none, or where its form is beyond what a stub can
// be made of: templates, arrays, functions, default arguments of a strange kind.
std::optional<CppSignature> cpp_signature(std::string_view prompt);

// The text with comments and the contents of literals blanked out: same length, same lines.
std::string without_comments(std::string_view code);

}  // namespace assay
