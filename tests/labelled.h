// Public data files that tests read at run time. The project does not carry them, so a test that
// needs one skips where it is missing, and says so.
#pragma once

#include <filesystem>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

namespace assay {

// The folder of $ASSAY_TEST_DATA, else shared/datasets beside the source folder. It may not exist.
std::filesystem::path test_data();

// Whether the file is there; where not, prints the line `SKIPPED: ...` that ctest looks for.
bool has_test_data(std::string_view name);

// The rows of a .jsonl or .jsonl.gz file of that folder, in order; `name` is relative to it. Empty
// where the file is missing, after printing the skip: `if (rows.empty()) return;`.
std::vector<nlohmann::json> test_rows(std::string_view name);

}  // namespace assay
