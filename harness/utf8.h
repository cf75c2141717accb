// Text of strangers made safe to keep and to print.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace assay {

// The length in bytes of the well-formed UTF-8 character that `text` starts with; 0 where there is
// none. REQUIRES: text is not empty.
std::size_t utf8_length(std::string_view text);

// `text` with every byte that is not part of valid UTF-8 replaced by U+FFFD, cut at a character's
// end to at most `bytes_max` bytes. Model output goes through here before it is stored or printed.
std::string clean_utf8(std::string_view text, std::size_t bytes_max = std::string_view::npos);

// The start of `text` as one line: blanks and control characters become single spaces, invalid
// UTF-8 is replaced, and what goes beyond `bytes_max` is cut. For messages and tables.
std::string one_line(std::string_view text, std::size_t bytes_max = 300);

}  // namespace assay
