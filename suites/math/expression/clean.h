// From what people and models type to the one spelling that the lexer knows: ASCII with LaTeX
// commands.
#pragma once

#include <string>
#include <string_view>

namespace assay::math {

// Unicode mathematics, full-width forms, Chinese punctuation, typographic signs and LaTeX's spacing
// and sizing commands. Linear in the length.
std::string clean(std::string_view text);

// Numbers in words become digits: "twenty-one" 21, "three quarters" 3/4, "三又二分之一" 3 1/2,
// "百分之五" 5%, "两万三千" 23000. Everything else stays as it is.
std::string spell_out(std::string_view text);

// Operations and comparisons in words become signs: "5 squared" 5^2, "pi over 4" pi/4, "at least 5"
// \ge 5. `text` is what spell_out() returned.
std::string spell_signs(std::string_view text);

// Without blanks at both ends.
std::string_view trim(std::string_view text);

void replace_all(std::string& text, std::string_view from, std::string_view to);

std::string lower(std::string_view text);  // ASCII only

// The position behind the bracket that closes the one at `open`, or npos. Escaped braces are not
// counted.
std::size_t matching_brace(std::string_view text, std::size_t open);

}  // namespace assay::math
