#include "suites/math/equivalence_votes.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_sets.h"
#include "suites/math/expression/clean.h"

namespace assay::math {
namespace {

// What the letters of a tree, its name and its copies cost.
constexpr std::int64_t node_seen_ns = 500;

std::string joined(std::vector<std::string> parts, bool as_set) {
  if (as_set) {
    std::sort(parts.begin(), parts.end());
    parts.erase(std::unique(parts.begin(), parts.end()), parts.end());
  }
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : ",") + part;
  return text;
}

class Voter {
 public:
  Voter(const Policy& policy, Budget& budget) : policy_(policy), budget_(budget) {}

  std::string operator()(const Node& node) {
    switch (node.kind) {
      case Kind::list:
      case Kind::set:
        return several(node);
      case Kind::tuple:
        return tuple(node);
      case Kind::matrix:
      case Kind::cases:
        return "(" + joined(each(node), false) + ")";
      case Kind::ratio:
        return ratio(node);
      case Kind::text:
        return policy_.case_sensitive ? node.name : lower(node.name);
      case Kind::relation:
        return relation(node);
      case Kind::interval:
      case Kind::named_set:
      case Kind::set_operation:
      case Kind::builder:
        if (auto set = real_set_of(node, budget_)) return points(*set);
        return render(node);
      case Kind::date:
      case Kind::infinity:
        return render(node);
      case Kind::choice:
      case Kind::symbol:
        return node.name;
      default:
        return scalar(node);
    }
  }

 private:
  std::vector<std::string> each(const Node& node) {
    std::vector<std::string> parts;
    for (const Node& child : node.children) parts.push_back((*this)(child));
    return parts;
  }

  std::string several(const Node& node) {
    const bool inequalities =
        !node.children.empty() &&
        std::all_of(node.children.begin(), node.children.end(), [](const Node& n) {
          return n.kind == Kind::relation &&
                 n.operators.find_first_of("<>LGN") != std::string::npos;
        });
    if (inequalities) {
      if (auto set = real_set_of(node, budget_)) return points(*set);
    }
    const bool in_order = node.kind == Kind::list && policy_.lists == Order::required;
    std::vector<std::string> parts = each(node);
    std::string key = joined(parts, !in_order);
    return parts.size() == 1 || std::adjacent_find(parts.begin(), parts.end(),
                                                   std::not_equal_to<>()) == parts.end()
               ? (parts.empty() ? "{}" : parts[0])
               : "{" + key + "}";
  }

  std::string tuple(const Node& node) {
    const bool endless = node.children.size() == 2 &&
                         contains(node, [](const Node& n) { return n.kind == Kind::infinity; });
    if (endless) {
      if (auto set = real_set_of(node, budget_)) return points(*set);
    }
    return "(" + joined(each(node), false) + ")";
  }

  std::string ratio(const Node& node) {
    if (node.closed_left) return render(node);
    if (node.children.size() == 2) return value(make_node(Kind::divide, node.children));
    std::vector<std::string> parts;
    for (const Node& child : node.children)
      parts.push_back(value(make_node(Kind::divide, {child, node.children[0]})));
    return "R" + joined(std::move(parts), false);
  }

  // An open interval is written like a pair, and points like the answers that they are.
  std::string points(const RealSet& set) {
    std::vector<std::string> parts;
    bool only_points = true;
    for (const Piece& piece : set) {
      const bool point = piece.from == piece.to;
      only_points = only_points && point;
      std::string low = piece.from < -1e300 ? "-inf" : value(*piece.low);
      const std::string high = piece.to > 1e300 ? "inf" : value(*piece.high);
      parts.push_back(point ? std::move(low)
                            : fmt::format("{}{},{}{}", piece.closed_low ? '[' : '(', low, high,
                                          piece.closed_high ? ']' : ')'));
    }
    if (parts.size() == 1) return parts[0];
    return "{" + joined(std::move(parts), only_points) + "}";
  }

  std::string relation(const Node& node) {
    if (node.operators == "I") return (*this)(node.children[1]);
    if (node.operators == "=") return equation(node);
    if (auto set = real_set_of(node, budget_)) return points(*set);
    std::string key;
    for (std::size_t i = 0; i < node.operators.size(); ++i) {
      const char code = node.operators[i];
      const bool more = code == '>' || code == 'G';
      key += std::string("I") + (code == 'G' || code == 'L' ? 'L' : code == '>' ? '<' : code);
      key += shape(node.children[more ? i + 1 : i], node.children[more ? i : i + 1], true);
    }
    return key;
  }

  std::string equation(const Node& node) {
    const Node& left = node.children[0];
    const Node& right = node.children[1];
    const std::string name = assigned_name(node);
    const bool own = free_symbols(right).contains(name);
    if (!budget_.spend(count_nodes(node) * node_seen_ns)) return render(node);
    if (policy_.assignment_optional && !name.empty() && !own) return (*this)(right);
    const auto names = free_symbols(node);
    if (names.size() == 1) {
      if (auto set = real_set_of(node, budget_)) return points(*set);
    }
    if (policy_.assignment_optional && names.contains("y")) {
      std::string solved = solved_for_y(left, right);
      if (!solved.empty()) return solved;
    }
    return "E" + shape(left, right, false);
  }

  // Of a y + b = 0: -b/a, where neither depends on y.
  std::string solved_for_y(const Node& left, const Node& right) {
    const auto at_y = [&](int y) {
      return at(make_node(Kind::add, {left, make_node(Kind::negate, {right})}),
                {{"y", Rational(y)}}, budget_);
    };
    const auto minus = [](const Node& a, const Node& b) {
      return make_node(Kind::add, {a, make_node(Kind::negate, {b})});
    };
    const Node slope = minus(at_y(1), at_y(0));
    const bool linear = compare_values(slope, minus(at_y(2), at_y(1)), budget_).same == Same::yes &&
                        compare_values(slope, make_number(0), budget_).same == Same::no;
    if (!linear) return {};
    return value(make_node(Kind::negate, {make_node(Kind::divide, {at_y(0), slope})}));
  }

  // left - right up to a factor (which is positive where `directed`), by its values at a few
  // points.
  std::string shape(const Node& left, const Node& right, bool directed) {
    const Node gap = make_node(Kind::add, {left, make_node(Kind::negate, {right})});
    if (!budget_.spend(count_nodes(gap) * node_seen_ns)) return render(gap);
    const std::set<std::string> names = free_symbols(gap);
    std::string key;
    double unit = 0;
    for (int i = 1; i <= 3; ++i) {
      std::map<std::string, Rational> values;
      int number = 0;
      for (const std::string& name : names) {
        values.emplace(name, Rational(7 * i + 3 * number * number + 2, 3 + number));
        ++number;
      }
      const auto now = approximate(at(gap, values, budget_), budget_);
      if (!now) return render(gap);
      if (unit == 0) unit = directed ? std::fabs(*now) : *now;
      key += fmt::format("{:.9g};", unit == 0 ? 0.0 : *now / unit);
    }
    return key + joined({names.begin(), names.end()}, true);
  }

  // What is written before a sign of percent, degrees or a unit, as the policy has it.
  std::string scalar(const Node& node) {
    const Measure written = peel(node);
    if (!written.measured && !written.percent && !written.degree) return value(node);
    Node bare = written.value;
    if (written.percent && policy_.percent == Percent::fraction)
      bare = make_node(Kind::divide, {std::move(bare), make_number(100)});
    if (written.degree && policy_.degrees == Degrees::radians)
      bare = make_call("degree", {std::move(bare)});
    if (!written.measured || policy_.units != Units::required) return value(bare);
    return value(make_node(Kind::multiply, {std::move(bare), make_number(written.size)})) + " " +
           written.dimension;
  }

  std::string value(const Node& node) {
    if (policy_.decimal_places >= 0 && free_symbols(node).empty()) {
      const double unit = std::pow(10.0, policy_.decimal_places);
      const auto number = approximate(node, budget_);
      if (number && std::fabs(*number) * unit < 1e15)
        return fmt::format("{:.{}g}", std::nearbyint(*number * unit) / unit, 15);
    }
    return value_key(node, budget_);
  }

  const Policy& policy_;
  Budget& budget_;
};

}  // namespace

std::string vote_of(const Node& node, const Policy& policy, Budget& budget) {
  return Voter(policy, budget)(node);
}

}  // namespace assay::math
