#include "tests/labelled.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <iostream>
#include <stdexcept>
#include <string>

#include <zlib.h>

namespace assay {

namespace {

// zlib reads plain files as they are, so one function serves both endings.
std::string read_all(const std::filesystem::path& path) {
  gzFile file = gzopen(path.c_str(), "rb");
  if (file == nullptr) {
    throw std::runtime_error("cannot open " + path.string());
  }
  std::string text;
  std::array<char, 1 << 16> buffer{};
  int n = 0;
  while ((n = gzread(file, buffer.data(), buffer.size())) > 0) {
    text.append(buffer.data(), static_cast<size_t>(n));
  }
  const bool complete = n == 0 && gzclose(file) == Z_OK;
  if (!complete) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return text;
}

}  // namespace

std::filesystem::path test_data() {
  const char* folder = std::getenv("ASSAY_TEST_DATA");  // NOLINT(concurrency-mt-unsafe): read only
  if (folder != nullptr && *folder != '\0') {
    return folder;
  }
  return std::filesystem::path(ASSAY_SOURCE_DIR) / ".." / "shared" / "datasets";
}

bool has_test_data(std::string_view name) {
  const std::filesystem::path path = test_data() / name;
  if (std::filesystem::exists(path)) {
    return true;
  }
  std::cout << "SKIPPED: " << path.lexically_normal().string()
            << " is missing; set ASSAY_TEST_DATA to the folder of the public data files\n";
  return false;
}

std::vector<nlohmann::json> test_rows(std::string_view name) {
  std::vector<nlohmann::json> rows;
  if (!has_test_data(name)) {
    return rows;
  }
  const std::string text = read_all(test_data() / name);
  // Only \n ends a row: the texts hold other line breaks of Unicode as they are.
  for (size_t begin = 0; begin < text.size();) {
    const size_t end = std::min(text.find('\n', begin), text.size());
    if (end > begin) {
      rows.push_back(nlohmann::json::parse(text.begin() + static_cast<std::ptrdiff_t>(begin),
                                           text.begin() + static_cast<std::ptrdiff_t>(end)));
    }
    begin = end + 1;
  }
  return rows;
}

}  // namespace assay
