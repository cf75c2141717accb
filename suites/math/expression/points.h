// The points at which identities are tested, and what an evaluation knows besides the tree.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "suites/math/expression/number.h"

namespace assay::math {

enum class Status { ok, undefined, unknown };

struct Point {
  int index = 0;
  bool integers = false;                       // variables are positive integers
  bool positive = false;                       // variables are positive
  std::map<std::string, Rational> bound = {};  // sums' indices, and what a caller sets
};

inline constexpr int terms_max = 160;  // of a sum or product

// 64 well-mixed bits (FNV-1a, then the finaliser of SplitMix64).
std::uint64_t hash_of(std::string_view text, std::uint64_t seed);

// What a variable stands for at a point.
Rational value_at(const std::string& name, const Point& point);

}  // namespace assay::math
