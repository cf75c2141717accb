// Reads question files row by row. Every complaint is one line that names the file and the line.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

namespace assay {

// Where a row stands: "gsm8k.jsonl:12", put in front of every complaint about it. Empty where the
// caller adds the place himself (`assay grade`).
using RowPlace = std::string;

// Calls `visit` for every row of a JSON-lines file, in order; blank lines are passed over. Throws
// UserError where the file cannot be read, holds no row, or has a line that is not a JSON object or
// is longer than 4 MiB.
void for_each_json_row(
    const std::filesystem::path& path,
    const std::function<void(const nlohmann::json& row, const RowPlace& place)>& visit);

// The same for tab-separated files without a header. A row with another number of columns throws.
void for_each_tsv_row(
    const std::filesystem::path& path, size_t columns,
    const std::function<void(const std::vector<std::string>& row, const RowPlace& place)>& visit);

// The text of a field. Throws UserError where it is missing or no string.
std::string text_field(const nlohmann::json& row, std::string_view name, const RowPlace& place);

// The text of a field that may also be a number, as it is written: 18 and "18" are both "18".
std::string text_or_number_field(const nlohmann::json& row, std::string_view name,
                                 const RowPlace& place);

// The strings of an array field. Throws UserError where it is missing or anything else.
std::vector<std::string> list_field(const nlohmann::json& row, std::string_view name,
                                    const RowPlace& place);

}  // namespace assay
