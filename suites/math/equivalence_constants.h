// Arbitrary constants: C of an antiderivative, C_1 and C_2 of a differential equation's solution.
#pragma once

#include <optional>

#include "suites/math/expression/evaluate.h"
#include "suites/math/expression/node.h"

namespace assay::math {

// y = A e^x + B e^{-x} and y = C_1 cosh x + C_2 sinh x, x^2/2 + C and (x^2 + 1)/2 + C: formulas, or
// equations that give a value to the same function, which run through the same functions of one
// variable as their constants run through all numbers. Decided where the constants occur linearly;
// nothing where there are none, or where that cannot be told.
std::optional<Comparison> same_solutions(const Node& gold, const Node& answer, Budget& budget);

// x^2 + y^2 = C and x^2 + y^2 = k: the answer with its one arbitrary constant called as in the
// reference; nothing where there is none on both sides, or where it has that name already.
std::optional<Node> with_same_constant(const Node& gold, const Node& answer, Budget& budget);

}  // namespace assay::math
