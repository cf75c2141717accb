// Files that a command line names, where "-" is a standard stream.
#pragma once

#include <fstream>
#include <istream>
#include <ostream>
#include <string>

namespace assay {

class Input {
 public:
  // Throws UserError, naming --in, where the file cannot be read.
  explicit Input(const std::string& name);
  std::istream& stream();
  const std::string& name() const { return name_; }  // as messages call it

 private:
  std::string name_;
  std::ifstream file_;
};

class Output {
 public:
  // Throws UserError, naming --out, where the file cannot be written. `standard` stands for "-".
  Output(const std::string& name, std::ios::openmode mode, std::ostream& standard);
  std::ostream& stream();

 private:
  std::ostream& standard_;
  std::ofstream file_;
};

}  // namespace assay
