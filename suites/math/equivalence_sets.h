// Sets of real numbers: unions of intervals and points, and solution sets of inequalities.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "suites/math/expression/evaluate.h"
#include "suites/math/expression/node.h"

namespace assay::math {

// From low to high; an infinite end has no node. A point is a closed piece of no length. Ends are
// shared, since sets are made of other sets' pieces.
using End = std::shared_ptr<const Node>;

struct Piece {
  End low;
  End high;
  double from = 0;
  double to = 0;
  bool closed_low = false;
  bool closed_high = false;
};

// Sorted, without overlaps.
using RealSet = std::vector<Piece>;

// Empty where the tree is no set of real numbers with known ends. A pair in parentheses is an open
// interval; a number is a point; relations in one variable are solved up to degree two,
// and those of polynomials and their quotients where every root is rational or has one square root.
std::optional<RealSet> real_set_of(const Node& node, Budget& budget);

// The code of a relation read from its other side.
char flipped(char code);

Comparison compare_sets(const RealSet& a, const RealSet& b, Budget& budget);

// Whether `value` (exact) satisfies the relation in its one variable. Empty: cannot tell.
std::optional<bool> satisfies(const Node& relation, const std::string& variable,
                              const Rational& value, Budget& budget);

}  // namespace assay::math
