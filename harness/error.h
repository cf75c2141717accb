// How a command ends, and the one exception type that ends it.
#pragma once

#include <stdexcept>
#include <string>

namespace assay {

enum class Exit : int {
  passed = 0,      // done and passed
  failed = 1,      // the run failed, and said how
  usage = 2,       // wrong usage or bad input: one line names the flag, or the file and line
  regression = 3,  // `gate` found a regression
  undecided = 4,   // `gate` cannot tell: too few samples
};

// A mistake that the person who typed the command can mend. Its text is one line that names the
// flag, or the file and line. Thrown from anywhere below main; main prints it to stderr and exits
// with Exit::usage.
class UserError : public std::runtime_error {
 public:
  explicit UserError(const std::string& what) : std::runtime_error(what) {}
};

}  // namespace assay
