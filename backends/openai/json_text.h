// JSON at the edge of the program: text written without a tree, and text of a stranger read within
// bounds.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json_fwd.hpp>

namespace assay {

// Appends `text` as a JSON string with its quotes. Bytes that are not UTF-8 become U+FFFD.
void append_json_string(std::string& out, std::string_view text);

// The same text with bytes that are not UTF-8 replaced by U+FFFD.
std::string valid_utf8(std::string_view text);

// Never throws: anything but one JSON value, or one that is nested deeper than 64 or has more than
// four million values, gives the value `discarded`.
nlohmann::json parse_bounded(std::string_view text);

}  // namespace assay
