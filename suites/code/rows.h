// Question files of the code suites: JSON rows, plain or gzipped.
#pragma once

#include <filesystem>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace assay {

// The rows of a .jsonl file, or the elements of a file that holds one JSON array; either may be
// gzipped. Throws UserError that names the file, and the line where one is malformed. Files of more
// than 2 GiB are refused.
std::vector<nlohmann::json> read_rows(const std::filesystem::path& path);

// Throws UserError that names `path`, the row and the field unless each of these is there.
void require_fields(const std::vector<nlohmann::json>& rows, const std::filesystem::path& path,
                    const std::vector<const char*>& fields);

}  // namespace assay
