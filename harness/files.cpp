#include "harness/files.h"

#include <filesystem>
#include <iostream>

#include <fmt/core.h>

#include "harness/error.h"

namespace assay {

Input::Input(const std::string& name) : name_(name == "-" ? "standard input" : name) {
  if (name != "-") {
    file_.open(name, std::ios::binary);
    if (!file_ || std::filesystem::is_directory(name)) {
      throw UserError(fmt::format("--in: {}: cannot be read", name));
    }
  }
}

std::istream& Input::stream() {
  return file_.is_open() ? file_ : std::cin;
}

Output::Output(const std::string& name, std::ios::openmode mode, std::ostream& standard)
    : standard_(standard) {
  if (name != "-") {
    file_.open(name, std::ios::binary | mode);
    if (!file_) {
      throw UserError(fmt::format("--out: {}: cannot be written", name));
    }
  }
}

std::ostream& Output::stream() {
  return file_.is_open() ? file_ : standard_;
}

}  // namespace assay
