// `assay explain A B`: why two answers are the same, or not.
#pragma once

#include <ostream>
#include <string_view>

namespace assay::math {

// Prints how each side was read, what decided, and what every other policy says. `gold` and
// `answer` are answers as they stand; `policy` is a convention's or a policy's name, empty for our
// own. The form is for people and may change. Throws UserError where the policy is unknown.
void explain(std::ostream& out, std::string_view gold, std::string_view answer,
             std::string_view policy);

}  // namespace assay::math
