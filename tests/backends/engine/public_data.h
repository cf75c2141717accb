// Where tests find the public data files, which are not part of the repository.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <optional>
#include <string>

namespace assay {

// The folder `name` of the public data; where it is missing, says that the test is skipped.
inline std::optional<std::filesystem::path> public_data(const std::string& name) {
  const char* given = std::getenv("ASSAY_TEST_DATA");  // NOLINT(concurrency-mt-unsafe)
  const std::filesystem::path root =
      given != nullptr ? given : std::filesystem::path(ASSAY_SOURCE_DIR) / "../shared/datasets";
  if (!std::filesystem::is_directory(root / name)) {
    std::cout << "SKIPPED: no folder " << (root / name).string() << std::endl;
    return std::nullopt;
  }
  return root / name;
}

}  // namespace assay
