// The points at which identities are tested, and what an evaluation knows besides the tree.
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "suites/math/expression/node.h"
#include "suites/math/expression/number.h"

namespace assay::math {

enum class Status { ok, undefined, unknown };

struct Point {
  int index = 0;
  bool integers = false;                       // variables are positive integers
  bool positive = false;                       // variables are positive
  std::map<std::string, Rational> bound = {};  // sums' indices, and what a caller sets
  // Set by an evaluation: a root or a logarithm of a negative number was taken on the way, so that
  // over the real numbers there is no value here.
  bool left_reals = false;
};

inline constexpr int terms_max = 160;  // of a sum or product

// 64 well-mixed bits (FNV-1a, then the finaliser of SplitMix64).
std::uint64_t hash_of(std::string_view text, std::uint64_t seed);

// What a variable stands for at a point.
Rational value_at(const std::string& name, const Point& point);

struct Place;

// The points for two formulas. Of polynomials and what else has one formula everywhere a few
// decide. Where there are absolute values, roots, logarithms, steps or (-1)^n, every sign of every
// letter is tried, large values and small ones, every order, and even and odd integers; where there
// are roots alone, every sign of every variable.
class Points {
 public:
  // `names` are the letters of both.
  Points(const Node& a, const Node& b, const std::set<std::string>& names);

  int count() const;
  int enough() const;  // agreements after which no more are tried
  int wanted() const;  // agreements without which nothing is decided
  Point at(int index) const;

 private:
  void bind(Point& point) const;
  Rational integer(std::size_t place, int j) const;

  std::vector<std::string> names_;
  const std::vector<Place>* places_ = nullptr;  // null: one formula everywhere
  bool integers_ = false;
  bool large_ = false;                // integers may be
  bool parameters_positive_ = false;  // all letters but x, y, z, t, u, v, w
};

}  // namespace assay::math
