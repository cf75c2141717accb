// Where a text holds mathematics: $..$, $$..$$, \(..\), \[..\] and environments such as align.
#pragma once

#include <cstddef>
#include <string_view>
#include <vector>

namespace assay::math {

struct MathSpan {
  size_t begin = 0;        // of the opening delimiter
  size_t end = 0;          // behind the closing one
  size_t inner_begin = 0;  // of what stands between them
  size_t inner_end = 0;
};

struct MathSpans {
  std::vector<MathSpan> spans;  // in the order of the text, none inside another
  bool open_at_end = false;     // a formula was opened and never closed
};

// Amounts of money ("$5 and $6") are no formulas. Linear in the length of the text; any bytes do.
MathSpans math_spans(std::string_view text);

}  // namespace assay::math
