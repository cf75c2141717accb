// The boxes of an answer, \boxed{..} and \fbox{..}, as we read them and as the field does.
#pragma once

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace assay::math {

struct Box {
  size_t begin = 0;  // of \boxed
  size_t end = 0;    // behind the closing brace
  std::string_view content;
  bool closed = true;  // false: the text ended first; the content is what its line still held
};

// The innermost boxes in the order of the text, "\boxed 5" and "\boxed5" among them. Escaped braces
// (\{) do not count. Linear in the length of the text, however many there are; any bytes will do.
std::vector<Box> boxes(std::string_view text);

// The last of them that are no templates, as many as could be one answer.
std::vector<Box> last_boxes(std::string_view text);

// A template where an answer should be: \boxed{}, \boxed{...}, \boxed{[answer]}, \boxed{ANSWER}.
bool is_placeholder(std::string_view content);

// hendrycks/math's last_boxed_only_string and remove_boxed, to the letter: behind the last "\boxed
// " up to a $ where there is one, else the last \boxed or \fbox with all braces counted. Nothing
// where the braces never close, or what was found is no \boxed{..}.
std::optional<std::string_view> last_boxed_hendrycks(std::string_view text);

// The balanced content of the last "\boxed{", nothing where it never closes (mlcommons/inference:
// language/deepseek-r1/eval_accuracy.py parse_boxed_math).
std::optional<std::string_view> last_boxed_balanced(std::string_view text);

}  // namespace assay::math
