// One text for all answers that count as the same: what a majority vote counts.
#pragma once

#include <string>

#include "suites/math/expression/evaluate.h"
#include "suites/math/expression/node.h"
#include "suites/math/policy.h"

namespace assay::math {

// `node` is normalised. Where a policy lets one answer equal two that differ from each other (10 %
// is 0.1 and is 10; 90 deg is pi/2 and is 90; 5 is 5 cm and is 5 m), what is written is counted:
// the number before the sign or unit. Equations fall together up to a factor, and with their form
// solved for y; inequalities and sets of numbers by their solutions.
std::string vote_of(const Node& node, const Policy& policy, Budget& budget);

}  // namespace assay::math
