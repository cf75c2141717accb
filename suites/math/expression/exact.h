// Arithmetic in the Gaussian rationals.
#pragma once

#include "suites/math/expression/node.h"
#include "suites/math/expression/points.h"

namespace assay::math {

struct Exact {
  Status status = Status::unknown;  // unknown: the value is not a Gaussian rational, or too large
  Rational re = 0;
  Rational im = 0;
};

Exact evaluate_exact(const Node& node, Point& point, Budget& budget);

}  // namespace assay::math
