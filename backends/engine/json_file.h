// JSON files of a model folder: read whole, within a bound, with errors of one line.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace assay::engine {

// `text` in double quotes, as ASCII on one line and not longer than 120 characters or so, whatever
// bytes it holds: for names out of files, which may be hostile, in messages.
std::string shown(std::string_view text);

// Throws UserError "FILE: cannot read: reason" where the path is no regular file or holds more than
// `bytes_max`.
std::string read_file(const std::filesystem::path& path, std::size_t bytes_max);

// Throws UserError "FILE:LINE: not JSON" or, where `text` repeats a key within one object,
// "FILE: repeats the key ...": parsers disagree on which of the two would count.
nlohmann::json parse_json(std::string_view text, const std::filesystem::path& path);

// Both of the above; the file must hold an object.
nlohmann::json read_json_object(const std::filesystem::path& path, std::size_t bytes_max);

}  // namespace assay::engine
