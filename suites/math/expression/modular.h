// Rational expressions too large to be written out, compared modulo large primes: 2^{2024} - 1
// against 2^{2024} + 1, (3^{3000} - 1)/2 against itself in other words.
#pragma once

#include <optional>

#include "suites/math/expression/node.h"
#include "suites/math/expression/points.h"

namespace assay::math {

// Whether both have the same residue modulo each of three primes of 61 bits. Different residues
// prove different values; of different values three equal residues are as likely as 2^-183. Empty
// where a side is no rational expression or a denominator vanishes.
std::optional<bool> equal_modulo_primes(const Node& a, const Node& b, Point& point, Budget& budget);

}  // namespace assay::math
