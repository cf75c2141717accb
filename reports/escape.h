// Untrusted text made safe for each place it is shown in. What a model wrote is data: nothing in
// it may become markup, script, a spreadsheet formula or a terminal command.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

// Valid UTF-8 without control characters: those other than line feed and tab become their visible
// pictures (U+2400 ...), carriage returns before a line feed are dropped, and the characters that
// reverse the direction of text (U+202A..E, U+2066..9) are shown as <U+202E>. Cut at a character's
// end to at most `bytes_max`.
std::string visible_text(std::string_view text, std::size_t bytes_max = std::string_view::npos);

// visible_text, and a note after it where something was cut: "... [cut: 8,192 of 1,048,576 bytes]".
std::string bounded_text(std::string_view text, std::size_t bytes_max);

// JSON text for use inside <script>: <, >, & and U+2028/9 are written as \u escapes, so that
// neither </script> nor <!-- can appear.
std::string script_json(std::string_view json);

// One cell of a CSV file (RFC 4180): quoted where needed. A text that a spreadsheet would run as a
// formula (first character = + - @ tab, or a quote followed by one) gets a ' in front.
std::string csv_text(std::string_view text);

// One cell of a Markdown table: on one line, with | and markup characters escaped.
std::string markdown_text(std::string_view text);

}  // namespace assay
