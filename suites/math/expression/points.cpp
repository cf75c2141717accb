#include "suites/math/expression/points.h"

#include <algorithm>
#include <array>

namespace assay::math {

std::uint64_t hash_of(std::string_view text, std::uint64_t seed) {
  std::uint64_t hash = 0xcbf29ce484222325ULL ^ seed;
  for (const char c : text) hash = (hash ^ static_cast<unsigned char>(c)) * 0x100000001b3ULL;
  hash = (hash ^ (hash >> 30U)) * 0xbf58476d1ce4e5b9ULL;
  hash = (hash ^ (hash >> 27U)) * 0x94d049bb133111ebULL;
  return hash ^ (hash >> 31U);
}

Rational value_at(const std::string& name, const Point& point) {
  if (const auto found = point.bound.find(name); found != point.bound.end()) return found->second;
  const std::uint64_t hash = hash_of(name, 0x5eed + static_cast<std::uint64_t>(point.index) * 7919);
  if (point.integers) return Rational(static_cast<int>(hash % 11) + 2);
  const auto top = static_cast<std::int64_t>(hash % 131) + 2;
  const auto bottom = static_cast<std::int64_t>((hash >> 20U) % 23) + 31;
  const bool negative = !point.positive && ((hash >> 50U) & 1U) == 1;
  return Rational(negative ? -top : top, bottom);
}

// Which letters are negative at a point, one bit for each of four in turn, and how large all are.
struct Place {
  bool integers = false;
  unsigned signs = 0;
  Rational scale = 1;
};

namespace {

constexpr int smooth_points = 7;
constexpr int counting_points = 8;

bool is_one_of(const Node& call, std::initializer_list<std::string_view> names) {
  return std::find(names.begin(), names.end(), call.name) != names.end();
}

bool counts(const Node& n) {
  return n.kind == Kind::call &&
         is_one_of(n, {"factorial", "binom", "permutations", "double_factorial", "sum", "prod"});
}

bool is_of_integers(const Node& n) {
  return counts(n) || (n.kind == Kind::call && is_one_of(n, {"gcd", "lcm", "pmod", "mod"}));
}

bool is_constant(const Node& node) {
  return !contains(node, [](const Node& n) { return n.kind == Kind::symbol; });
}

bool is_fraction(const Node& n) {
  return n.kind == Kind::divide || (n.kind == Kind::number && denominator(n.number) != 1);
}

// Whether the node is one formula here and another there: |x|, (-1)^n, (-x)^n.
bool has_branches(const Node& n) {
  if (n.kind == Kind::cases) return true;
  if (n.kind == Kind::power && !is_constant(n.children[1])) {
    const auto is_negated = [](const Node& b) { return b.kind == Kind::negate; };
    const Node& base = n.children[0];
    return is_negated(base) || (is_constant(base) && contains(base, is_negated));
  }
  return n.kind == Kind::call && !is_constant(n) &&
         is_one_of(n, {"abs", "max", "min", "floor", "ceil", "sgn"});
}

// Roots, of which some are one formula here and another there: that of x^2.
bool has_roots(const Node& n) {
  if (n.kind == Kind::power) {
    return !is_constant(n.children[0]) && is_constant(n.children[1]) &&
           contains(n.children[1], is_fraction);
  }
  return n.kind == Kind::call && !is_constant(n) && is_one_of(n, {"sqrt", "root"});
}

// Whether it has a value only here or there.
bool has_limits(const Node& n) {
  return n.kind == Kind::call && !is_constant(n) &&
         (n.name.starts_with("arc") || n.name == "ln" || n.name == "log");
}

const std::vector<Place>& branched_places() {
  static const std::vector<Place> all = {{.integers = true},
                                         {},
                                         {.scale = 163},
                                         {.scale = Rational(1, 5)},
                                         {.signs = 1},
                                         {.integers = true},
                                         {.signs = 2},
                                         {.signs = 3, .scale = Rational(1, 5)},
                                         {.integers = true},
                                         {.signs = 4},
                                         {.signs = 7},
                                         {.integers = true, .signs = 1},
                                         {.signs = 3, .scale = 41},
                                         {.integers = true, .scale = 29}};
  return all;
}

const std::vector<Place>& limited_places() {
  static const std::vector<Place> all = {{},
                                         {.scale = Rational(1, 5)},
                                         {.scale = 163},
                                         {.signs = 1, .scale = Rational(1, 5)},
                                         {.signs = 2},
                                         {.integers = true},
                                         {.signs = 1},
                                         {.scale = Rational(1, 7)}};
  return all;
}

// The j-th integer for the letter in the given place: consecutive ones, of which the parities of no
// two letters go together.
int count_at(std::size_t place, int j) {
  int steps = 0;
  for (std::size_t k = 0; k <= std::min<std::size_t>(place, 3); ++k) steps += j >> k;
  return steps;
}

// A length, a mass: sqrt(a^2 b) is a sqrt(b) to whoever writes it. Of x that is not taken for
// granted.
bool is_parameter(const std::string& name) {
  static constexpr std::string_view variables = "xyztuvw";
  return variables.find(name[0]) == std::string_view::npos;
}

bool stands_below(const std::string& name) {
  static constexpr std::string_view small = "krijl";
  return name.size() == 1 && small.find(name[0]) != std::string_view::npos;
}

}  // namespace

Points::Points(const Node& a, const Node& b, const std::set<std::string>& names)
    : names_(names.begin(), names.end()) {
  if (names_.empty()) return;
  if (contains(a, is_of_integers) || contains(b, is_of_integers)) {
    integers_ = true;
    large_ = !contains(a, counts) && !contains(b, counts);
  } else if (contains(a, has_branches) || contains(b, has_branches)) {
    places_ = &branched_places();
  } else if (contains(a, has_roots) || contains(b, has_roots)) {
    places_ = &branched_places();
    parameters_positive_ = true;
  } else if (contains(a, has_limits) || contains(b, has_limits)) {
    places_ = &limited_places();
  }
}

int Points::count() const {
  if (names_.empty()) return 1;
  if (places_ != nullptr) return static_cast<int>(places_->size());
  return integers_ ? counting_points : smooth_points;
}

int Points::enough() const {
  if (names_.empty()) return 1;
  return places_ == &branched_places() ? 10 : 4;
}

int Points::wanted() const {
  if (names_.empty()) return 1;
  return places_ == &branched_places() ? 3 : 2;
}

Point Points::at(int index) const {
  Point point{.index = index};
  if (integers_) {
    point.integers = true;
    for (std::size_t i = 0; i < names_.size(); ++i) point.bound[names_[i]] = integer(i, index);
  } else if (places_ != nullptr) {
    bind(point);
  } else {
    point.integers = index % 3 == 1;
    point.positive = index % 3 == 0;
  }
  return point;
}

// Rising from letter to letter at one point, falling at the next, in no order at the third.
void Points::bind(Point& point) const {
  const auto is_of_integers = [&](int i) {
    return (*places_)[static_cast<std::size_t>(i)].integers;
  };
  const Place& place = (*places_)[static_cast<std::size_t>(point.index)];
  point.integers = place.integers;
  point.positive = true;
  int j = 0;
  for (int i = 0; i < point.index; ++i) j += is_of_integers(i) ? 1 : 0;
  std::vector<Rational> values;
  for (std::size_t i = 0; i < names_.size(); ++i) {
    Rational value = place.integers ? Rational(count_at(i, j)) : value_at(names_[i], point);
    if (place.integers || place.scale > 1) value += 1;
    values.emplace_back(value * place.scale);
  }
  if (point.index % 3 != 2) std::sort(values.begin(), values.end());
  if (point.index % 3 == 1) std::reverse(values.begin(), values.end());
  for (std::size_t i = 0; i < names_.size(); ++i) {
    const bool negative =
        ((place.signs >> (i % 4)) & 1U) == 1 && !(parameters_positive_ && is_parameter(names_[i]));
    point.bound[names_[i]] = negative ? Rational(-values[i]) : values[i];
  }
}

// Counts above (n, m, N) and what runs below them (k, r, i, j): so that binomials are not zero.
Rational Points::integer(std::size_t place, int j) const {
  const int steps = count_at(place, j);
  if (large_ && j % 2 == 1) return Rational(steps * 53 + 101);
  return Rational(stands_below(names_[place]) ? steps % 5 + 2 : steps % 7 + 7);
}

}  // namespace assay::math
