// What stands around an answer is taken off: $..$, \boxed{..}, "the answer is", a full stop.
#pragma once

#include <string>
#include <string_view>

namespace assay::math {

// `prose`: a number may be looked for in a sentence (Math-Verify does).
std::string unwrap(std::string_view text, bool prose);

}  // namespace assay::math
