#include "suites/math/equivalence_sets.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>

#include "suites/math/expression/polynomial.h"

namespace assay::math {
namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();
constexpr std::size_t pieces_max = 64;

bool near(double a, double b) {
  if (std::isinf(a) || std::isinf(b)) return a == b;
  return a == b || std::fabs(a - b) <= 1e-11 * std::max({1.0, std::fabs(a), std::fabs(b)});
}

Piece whole_line() {
  return {nullptr, nullptr, -infinite, infinite, false, false};
}

RealSet sorted_union(RealSet pieces) {
  std::sort(pieces.begin(), pieces.end(), [](const Piece& a, const Piece& b) {
    if (!near(a.from, b.from)) return a.from < b.from;
    return a.closed_low && !b.closed_low;
  });
  RealSet merged;
  for (Piece& piece : pieces) {
    const bool is_empty = piece.from > piece.to && !near(piece.from, piece.to);
    const bool no_point = near(piece.from, piece.to) && !(piece.closed_low && piece.closed_high);
    if (is_empty || no_point) continue;
    if (merged.empty()) {
      merged.push_back(std::move(piece));
      continue;
    }
    Piece& last = merged.back();
    const bool touches =
        near(piece.from, last.to) ? (piece.closed_low || last.closed_high) : piece.from < last.to;
    if (!touches) {
      merged.push_back(std::move(piece));
    } else if (near(piece.to, last.to)) {
      last.closed_high = last.closed_high || piece.closed_high;
    } else if (piece.to > last.to) {
      last.to = piece.to;
      last.high = std::move(piece.high);
      last.closed_high = piece.closed_high;
    }
  }
  return merged;
}

RealSet complement(const RealSet& set) {
  RealSet rest;
  Piece gap = whole_line();
  for (const Piece& piece : set) {
    gap.to = piece.from;
    gap.high = piece.low;
    gap.closed_high = !piece.closed_low;
    if (piece.from != -infinite) rest.push_back(gap);
    gap = whole_line();
    gap.from = piece.to;
    gap.low = piece.high;
    gap.closed_low = !piece.closed_high;
  }
  if (set.empty() || set.back().to != infinite) rest.push_back(gap);
  return sorted_union(std::move(rest));
}

// What the operations cost on so many pieces.
std::int64_t pieces_ns(const RealSet& a, const RealSet& b) {
  return 200 * static_cast<std::int64_t>(a.size() + b.size() + 1);
}

RealSet unite(RealSet a, const RealSet& b) {
  a.insert(a.end(), b.begin(), b.end());
  return sorted_union(std::move(a));
}

RealSet intersect(const RealSet& a, const RealSet& b) {
  return complement(unite(complement(a), complement(b)));
}

// Where an end is: infinite, or as its value says.
std::optional<double> place_of(const Node& end, Budget& budget) {
  if (end.kind == Kind::infinity) return infinite;
  if (end.kind == Kind::negate && end.children[0].kind == Kind::infinity) return -infinite;
  return approximate(end, budget);
}

std::optional<Piece> point_of(const Node& value, Budget& budget) {
  const auto place = place_of(value, budget);
  if (!place) return std::nullopt;
  const auto end = std::make_shared<const Node>(value);
  return Piece{end, end, *place, *place, *place != -infinite, *place != infinite};
}

std::optional<Piece> piece_of(const Node& low, const Node& high, bool closed_low, bool closed_high,
                              Budget& budget) {
  const auto from = place_of(low, budget);
  const auto to = place_of(high, budget);
  if (!from || !to) return std::nullopt;
  Piece piece{std::make_shared<const Node>(low),
              std::make_shared<const Node>(high),
              *from,
              *to,
              closed_low,
              closed_high};
  // Nobody means infinity to belong to the set.
  if (piece.from == -infinite) piece.closed_low = false;
  if (piece.to == infinite) piece.closed_high = false;
  return piece;
}

// variable `code` bound
std::optional<RealSet> half_line(char code, const Node& bound, Budget& budget) {
  const bool closed = code == 'L' || code == 'G' || code == '=' || code == 'N';
  Piece piece = whole_line();
  const auto end = point_of(bound, budget);
  if (!end) return std::nullopt;
  if (code == '=') return RealSet{*end};
  if (code == 'N') return complement({*end});
  const bool below = code == '<' || code == 'L';
  if (below) {
    piece.to = end->to;
    piece.high = end->high;
    piece.closed_high = closed && std::isfinite(piece.to);
  } else {
    piece.from = end->from;
    piece.low = end->low;
    piece.closed_low = closed && std::isfinite(piece.from);
  }
  return sorted_union({piece});
}

Node square_root(const Rational& value) {
  return make_call("sqrt", {make_number(value)});
}

bool holds(char code, int sign) {
  switch (code) {
    case '<':
      return sign < 0;
    case '>':
      return sign > 0;
    case 'L':
      return sign <= 0;
    case 'G':
      return sign >= 0;
    case 'N':
      return sign != 0;
    default:
      return sign == 0;
  }
}

// a x^2 + b x + c `code` 0, from exact values at a few points.
std::optional<RealSet> solve_quadratic(const Node& f, const std::string& x, char code,
                                       Budget& budget) {
  std::vector<Rational> at;
  for (const int point : {0, 1, -1, 2, 3, 5}) {
    const auto value = exact_at(f, x, point, budget);
    if (!value) return std::nullopt;
    at.push_back(*value);
  }
  const Rational c = at[0];
  const Rational a = (at[1] + at[2]) / 2 - c;
  const Rational b = (at[1] - at[2]) / 2;
  const auto is = [&](std::size_t i, int point) {
    return a * point * point + b * point + c == at[i];
  };
  if (!is(3, 2) || !is(4, 3) || !is(5, 5)) return std::nullopt;
  if (a == 0 && b == 0)
    return holds(code, c > 0 ? 1 : c < 0 ? -1 : 0) ? RealSet{whole_line()} : RealSet{};
  if (a == 0) return half_line(b > 0 ? code : flipped(code), make_number(-c / b), budget);
  const Rational discriminant = b * b - 4 * a * c;
  const int outside = a > 0 ? 1 : -1;
  if (discriminant < 0) return holds(code, outside) ? RealSet{whole_line()} : RealSet{};
  const Node middle = make_number(-b / (2 * a));
  const Rational quarter = discriminant / (4 * a * a);
  Node low = make_node(Kind::add, {middle, make_node(Kind::negate, {square_root(quarter)})});
  Node high = make_node(Kind::add, {middle, square_root(quarter)});
  const auto between = piece_of(low, high, true, true, budget);
  const auto lower = point_of(low, budget);
  const auto upper = point_of(high, budget);
  if (!between || !lower || !upper) return std::nullopt;
  RealSet result;
  const RealSet both = {*between};
  const RealSet ends = sorted_union({*lower, *upper});
  if (holds(code, outside)) result = unite(std::move(result), complement(both));
  if (holds(code, -outside) && discriminant > 0)
    result = unite(std::move(result), intersect(both, complement(ends)));
  if (holds(code, 0)) result = unite(std::move(result), ends);
  return result;
}

// top/bottom `code` 0, by the signs between the roots of both.
std::optional<RealSet> solve_quotient(const Node& f, const std::string& x, char code,
                                      Budget& budget) {
  const auto quotient = quotient_of(f, x, budget);
  if (!quotient || quotient->top.empty()) return std::nullopt;
  const auto zeros = real_roots(quotient->top, budget);
  const auto poles = zeros ? real_roots(quotient->bottom, budget) : std::nullopt;
  if (!poles) return std::nullopt;
  struct Critical {
    Piece point;
    bool pole = false;
  };
  std::vector<Critical> critical;
  for (const auto* roots : {&*zeros, &*poles}) {
    for (const Node& root : *roots) {
      const auto point = point_of(root, budget);
      if (!point) return std::nullopt;
      critical.push_back({*point, roots == &*poles});
    }
  }
  std::sort(critical.begin(), critical.end(),
            [](const Critical& a, const Critical& b) { return a.point.from < b.point.from; });
  const Polynomial signs = product(quotient->top, quotient->bottom);
  const std::size_t n = critical.size();
  RealSet result;
  RealSet excluded;
  for (std::size_t i = 0; i <= n; ++i) {
    double low = -infinite;
    double high = infinite;
    if (i > 0) low = critical[i - 1].point.from;
    if (i < n) high = critical[i].point.from;
    if (i < n && critical[i].pole) excluded.push_back(critical[i].point);
    if (i < n && !critical[i].pole && holds(code, 0)) result.push_back(critical[i].point);
    if (low == high) continue;
    // Too near to tell apart: nobody writes such roots, and no sign could be trusted.
    if (near(low, high) || !budget.spend(2000)) return std::nullopt;
    const double inside = i == 0   ? (n == 0 ? 0.0 : high - 1)
                          : i == n ? low + 1
                                   : low / 2 + high / 2;
    const Rational value = value_at(signs, Rational(inside));
    if (value == 0) return std::nullopt;
    if (!holds(code, value > 0 ? 1 : -1)) continue;
    Piece piece = whole_line();
    piece.from = low;
    piece.to = high;
    if (i > 0) piece.low = critical[i - 1].point.low;
    if (i < n) piece.high = critical[i].point.low;
    result.push_back(std::move(piece));
  }
  return intersect(sorted_union(std::move(result)), complement(sorted_union(std::move(excluded))));
}

std::optional<RealSet> solve_absolute(const Node& inner, char code, const Node& bound,
                                      Budget& budget) {
  const auto names = free_symbols(inner);
  if (names.size() != 1 || !free_symbols(bound).empty()) return std::nullopt;
  const Node minus = make_node(Kind::negate, {bound});
  const auto a = real_set_of(make_relation(inner, code, bound), budget);
  const auto b = real_set_of(make_relation(inner, flipped(code), minus), budget);
  if (!a || !b) return std::nullopt;
  return code == '<' || code == 'L' || code == 'N' ? intersect(*a, *b) : unite(*a, *b);
}

std::optional<RealSet> solve_one(const Node& left, char code, const Node& right, Budget& budget) {
  if (code == '~') code = '=';
  if (code == 'I') {
    if (left.kind != Kind::symbol) return std::nullopt;
    return real_set_of(right, budget);
  }
  if (left.kind == Kind::symbol && free_symbols(right).empty())
    return half_line(code, right, budget);
  if (right.kind == Kind::symbol && free_symbols(left).empty())
    return half_line(flipped(code), left, budget);
  if (left.kind == Kind::call && left.name == "abs")
    return solve_absolute(left.children[0], code, right, budget);
  if (right.kind == Kind::call && right.name == "abs")
    return solve_absolute(right.children[0], flipped(code), left, budget);
  const Node difference = make_node(Kind::add, {left, make_node(Kind::negate, {right})});
  const auto names = free_symbols(difference);
  if (names.size() != 1) return std::nullopt;
  auto quadratic = solve_quadratic(difference, *names.begin(), code, budget);
  return quadratic ? quadratic : solve_quotient(difference, *names.begin(), code, budget);
}

std::optional<RealSet> relation_set(const Node& node, Budget& budget) {
  if (free_symbols(node).size() != 1) return std::nullopt;
  std::optional<RealSet> result;
  for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
    const auto one = solve_one(node.children[i], node.operators[i], node.children[i + 1], budget);
    if (!one) return std::nullopt;
    if (result && !budget.spend(pieces_ns(*result, *one))) return std::nullopt;
    result = result ? intersect(*result, *one) : *one;
  }
  return result;
}

// Inequalities side by side hold together, unless nothing then would be left.
std::optional<RealSet> list_set(const Node& node, Budget& budget) {
  if (node.children.empty() || node.children.size() > pieces_max) return std::nullopt;
  std::vector<RealSet> parts;
  bool inequality = false;
  for (const Node& child : node.children) {
    if (child.kind == Kind::relation && child.operators.find_first_of("<>LGN") != std::string::npos)
      inequality = true;
    const auto part = real_set_of(child, budget);
    if (!part) return std::nullopt;
    parts.push_back(*part);
  }
  if (node.kind == Kind::list && free_symbols(node).size() > 1) return std::nullopt;
  if (node.kind == Kind::list && inequality && node.name != "or") {
    RealSet both = parts.front();
    for (const RealSet& part : parts) {
      if (!budget.spend(pieces_ns(both, part))) return std::nullopt;
      both = intersect(both, part);
    }
    if (!both.empty()) return both;
  }
  RealSet either;
  for (const RealSet& part : parts) either.insert(either.end(), part.begin(), part.end());
  if (!budget.spend(pieces_ns(either, {}))) return std::nullopt;
  return sorted_union(std::move(either));
}

// The pieces of all that a chain of unions joins, in no order.
bool collect_union(const Node& node, RealSet& pieces, Budget& budget) {
  if (node.kind == Kind::set_operation && node.name == "union") {
    return budget.spend(100) && collect_union(node.children[0], pieces, budget) &&
           collect_union(node.children[1], pieces, budget);
  }
  const auto part = real_set_of(node, budget);
  if (!part || pieces.size() + part->size() > pieces_max) return false;
  pieces.insert(pieces.end(), part->begin(), part->end());
  return true;
}

std::optional<RealSet> union_set(const Node& node, Budget& budget) {
  RealSet pieces;
  if (!collect_union(node, pieces, budget) || !budget.spend(pieces_ns(pieces, {})))
    return std::nullopt;
  return sorted_union(std::move(pieces));
}

}  // namespace

char flipped(char code) {
  switch (code) {
    case '<':
      return '>';
    case '>':
      return '<';
    case 'L':
      return 'G';
    case 'G':
      return 'L';
    default:
      return code;
  }
}

std::optional<RealSet> real_set_of(const Node& node, Budget& budget) {
  if (!budget.spend(600)) return std::nullopt;
  switch (node.kind) {
    case Kind::interval:
    case Kind::tuple: {
      if (node.children.size() != 2) return std::nullopt;
      const auto piece =
          piece_of(node.children[0], node.children[1], node.closed_left, node.closed_right, budget);
      if (!piece || piece->from > piece->to ||
          (near(piece->from, piece->to) && !(piece->closed_low && piece->closed_high)))
        return std::nullopt;
      return RealSet{*piece};
    }
    case Kind::named_set:
      if (node.name == "empty") return RealSet{};
      if (node.name == "R") return RealSet{whole_line()};
      if (node.name == "R+") return half_line('>', make_number(0), budget);
      if (node.name == "R0+") return half_line('G', make_number(0), budget);
      if (node.name == "R-") return half_line('<', make_number(0), budget);
      return std::nullopt;
    case Kind::set:
      // A set of sets is no set of numbers.
      if (std::any_of(node.children.begin(), node.children.end(),
                      [](const Node& n) { return n.kind == Kind::named_set; }))
        return std::nullopt;
      return list_set(node, budget);
    case Kind::list:
      return list_set(node, budget);
    case Kind::set_operation: {
      if (node.name == "union") return union_set(node, budget);
      const auto a = real_set_of(node.children[0], budget);
      const auto b = real_set_of(node.children[1], budget);
      if (!a || !b || a->size() + b->size() > pieces_max || !budget.spend(pieces_ns(*a, *b)))
        return std::nullopt;
      return intersect(*a, node.name == "difference" ? complement(*b) : *b);
    }
    case Kind::builder: {
      // { x in R | x > 1 }: what stands before the bar says no more than the conditions' variable.
      const Node& before = node.children[0];
      const bool plain =
          before.kind == Kind::symbol ||
          (before.kind == Kind::relation && before.operators == "I" &&
           before.children[1].kind == Kind::named_set && before.children[1].name == "R");
      return plain ? real_set_of(node.children[1], budget) : std::nullopt;
    }
    case Kind::relation:
      return relation_set(node, budget);
    default: {
      const auto piece = point_of(node, budget);
      if (!piece || !std::isfinite(piece->from)) return std::nullopt;
      return RealSet{*piece};
    }
  }
}

Comparison compare_sets(const RealSet& a, const RealSet& b, Budget& budget) {
  if (a.size() != b.size()) return {Same::no, "the sets have different parts"};
  Same overall = Same::yes;
  for (std::size_t i = 0; i < a.size(); ++i) {
    const Piece& p = a[i];
    const Piece& q = b[i];
    if (!near(p.from, q.from) || !near(p.to, q.to))
      return {Same::no, "the ends of the sets differ"};
    if (p.closed_low != q.closed_low || p.closed_high != q.closed_high)
      return {Same::no, "one end is open here and closed there"};
    for (const auto& [x, y, value] :
         {std::tuple(p.low, q.low, p.from), std::tuple(p.high, q.high, p.to)}) {
      if (!std::isfinite(value)) continue;
      Comparison ends = compare_values(*x, *y, budget);
      if (ends.same == Same::no) return {Same::no, "the ends of the sets differ"};
      if (ends.same == Same::unknown) overall = Same::unknown;
    }
  }
  return {overall, overall == Same::yes ? "the same set of numbers"
                                        : "the ends of the sets cannot be compared"};
}

std::optional<bool> satisfies(const Node& relation, const std::string& variable,
                              const Rational& value, Budget& budget) {
  for (std::size_t i = 0; i + 1 < relation.children.size(); ++i) {
    const auto left = exact_at(relation.children[i], variable, value, budget);
    const auto right = exact_at(relation.children[i + 1], variable, value, budget);
    if (!left || !right) return std::nullopt;
    bool holds = false;
    switch (relation.operators[i]) {
      case '<':
        holds = *left < *right;
        break;
      case '>':
        holds = *left > *right;
        break;
      case 'L':
        holds = *left <= *right;
        break;
      case 'G':
        holds = *left >= *right;
        break;
      case 'N':
        holds = *left != *right;
        break;
      case '=':
        holds = *left == *right;
        break;
      default:
        return std::nullopt;
    }
    if (!holds) return false;
  }
  return true;
}

}  // namespace assay::math
