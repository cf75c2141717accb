#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_sets.h"

namespace assay::math {
namespace {

bool is_otherwise(const Node& node) {
  return node.kind == Kind::text;
}

// What a piecewise function is at a point: the value of the first case whose condition holds.
const Node* case_at(const Node& cases, const std::string& variable, const Rational& point,
                    Budget& budget, bool& known) {
  const Node* otherwise = nullptr;
  for (std::size_t i = 0; i + 1 < cases.children.size(); i += 2) {
    const Node& condition = cases.children[i + 1];
    if (is_otherwise(condition)) {
      otherwise = &cases.children[i];
      continue;
    }
    const std::vector<Node> alone = {condition};
    const auto& parts = condition.kind == Kind::list ? condition.children : alone;
    bool all = true;
    bool any = false;
    for (const Node& part : parts) {
      bool holds = false;
      if (part.kind == Kind::relation) {
        const auto found = satisfies(part, variable, point, budget);
        known = known && found.has_value();
        holds = found == std::optional<bool>(true);
      } else {
        known = false;
      }
      all = all && holds;
      any = any || holds;
    }
    if (condition.name == "or" ? any : all) return &cases.children[i];
  }
  return otherwise;
}

void collect_numbers(const Node& node, std::vector<Rational>& numbers) {
  if (node.kind == Kind::number && numbers.size() < 12) {
    numbers.push_back(node.number);
    numbers.emplace_back(-node.number);
  }
  for (const Node& child : node.children) collect_numbers(child, numbers);
}

std::map<std::string, std::string> renaming(const Node& from, const Node& to) {
  std::map<std::string, std::string> names;
  const auto walk = [&](const auto& self, const Node& a, const Node& b) -> void {
    if (a.kind == Kind::symbol && b.kind == Kind::symbol) names.emplace(a.name, b.name);
    for (std::size_t i = 0; i < a.children.size() && i < b.children.size(); ++i)
      self(self, a.children[i], b.children[i]);
  };
  walk(walk, from, to);
  return names;
}

Node renamed(const Node& node, const std::map<std::string, std::string>& names) {
  Node copy = with_children(node, [&](const Node& child) { return renamed(child, names); });
  if (node.kind == Kind::symbol) {
    const auto found = names.find(node.name);
    if (found != names.end()) copy.name = found->second;
  }
  return copy;
}

bool is_identity(const Node& matrix) {
  const auto n = static_cast<std::size_t>(matrix.rows);
  if (matrix.children.size() != n * n) return false;
  for (std::size_t i = 0; i < matrix.children.size(); ++i) {
    const Node& cell = matrix.children[i];
    if (cell.kind != Kind::number || cell.number != (i / n == i % n ? 1 : 0)) return false;
  }
  return true;
}

Node with_axis(const Node& node, int axis) {
  static constexpr std::array<std::array<std::string_view, 3>, 3> names = {
      {{"vector i", "vec i", "i"}, {"vector j", "vec j", "j"}, {"vector k", "vec k", "k"}}};
  if (node.kind == Kind::symbol || node.kind == Kind::constant) {
    for (std::size_t i = 0; i < names.size(); ++i) {
      if (std::find(names[i].begin(), names[i].end(), node.name) != names[i].end())
        return make_number(static_cast<int>(i) == axis ? 1 : 0);
    }
    return node;
  }
  return with_children(node, [&](const Node& child) { return with_axis(child, axis); });
}

}  // namespace

Comparison Comparer::piecewise(const Node& gold, const Node& answer) {
  const bool same_size = gold.children.size() == answer.children.size();
  if (same_size) {
    std::vector<Node> a;
    std::vector<Node> b;
    for (std::size_t i = 0; i + 1 < gold.children.size(); i += 2) {
      a.push_back(make_node(Kind::tuple, {gold.children[i], gold.children[i + 1]}));
      b.push_back(make_node(Kind::tuple, {answer.children[i], answer.children[i + 1]}));
    }
    Comparison by_case = in_any_order(a, b);
    if (by_case.same == Same::yes) return by_case;
  }
  std::set<std::string> names;
  for (const Node* side : {&gold, &answer}) {
    for (std::size_t i = 1; i < side->children.size(); i += 2)
      names.merge(free_symbols(side->children[i]));
  }
  if (names.size() != 1) return {Same::unknown, "piecewise in other than one variable"};
  // Every number of the conditions, and what lies between and around them.
  std::vector<Rational> points;
  for (const Node* side : {&gold, &answer}) {
    for (std::size_t i = 1; i < side->children.size(); i += 2)
      collect_numbers(side->children[i], points);
  }
  points.emplace_back(0);
  std::sort(points.begin(), points.end());
  points.erase(std::unique(points.begin(), points.end()), points.end());
  std::vector<Rational> all = {points.front() - Rational(7, 3), points.back() + Rational(7, 3)};
  for (std::size_t i = 0; i < points.size(); ++i) {
    all.push_back(points[i]);
    if (i == 0) continue;
    for (const Rational& part : {Rational(1, 3), Rational(5, 7)})
      all.emplace_back(points[i - 1] + (points[i] - points[i - 1]) * part);
  }
  const std::string& name = *names.begin();
  bool known = true;
  for (const Rational& point : all) {
    const Node* x = case_at(gold, name, point, budget_, known);
    const Node* y = case_at(answer, name, point, budget_, known);
    if (!known) return {Same::unknown, "a condition cannot be tested"};
    if ((x == nullptr) != (y == nullptr)) return {Same::no, "defined at other places"};
    if (x == nullptr) continue;
    const std::map<std::string, Rational> here = {{name, point}};
    Comparison values = compare_values(at(*x, here, budget_), at(*y, here, budget_), budget_);
    if (values.same == Same::no) return {Same::no, "the cases differ at a test point"};
    if (values.same == Same::unknown) return values;
  }
  return {Same::yes, "the same cases at test points"};
}

// { (x, y) | y = x } and { (a, b) | a = b }: the bound names do not matter.
Comparison Comparer::builders(const Node& gold, const Node& answer) {
  const auto names = renaming(answer.children[0], gold.children[0]);
  Comparison before = compare(gold.children[0], renamed(answer.children[0], names));
  if (before.same != Same::yes) return before;
  return compare(gold.children[1], renamed(answer.children[1], names));
}

// i + 2j - k against (1, 2, -1), and [[1, 2], [3, 4]] against a matrix.
Comparison Comparer::components(const Node& one, const Node& vector, bool one_is_gold) {
  const auto both = [&](const Node& part, const Node& other) {
    return one_is_gold ? compare(part, other) : compare(other, part);
  };
  const auto nested = [](const Node& n) {
    return n.kind == Kind::interval || n.kind == Kind::tuple || n.kind == Kind::list ||
           n.kind == Kind::set;
  };
  if (vector.kind == Kind::matrix && nested(one)) {
    if (one.children.size() != static_cast<std::size_t>(vector.rows)) return {};
    Node matrix{.kind = Kind::matrix};
    matrix.rows = vector.rows;
    for (const Node& row : one.children) {
      if (!nested(row)) return {};
      matrix.children.insert(matrix.children.end(), row.children.begin(), row.children.end());
    }
    return matrix.children.size() == vector.children.size() ? both(matrix, vector) : Comparison{};
  }
  const bool unit_name = one.kind == Kind::symbol &&
                         (one.name == "I" || one.name == "E" || one.name.starts_with("I_"));
  if (unit_name && vector.kind == Kind::matrix && is_identity(vector))
    return {Same::yes, "the identity matrix"};
  const auto names = free_symbols(one);
  const bool has_axis = std::any_of(names.begin(), names.end(), [](const std::string& name) {
    return name == "j" || name == "k" || name.starts_with("vector ") || name.starts_with("vec ");
  });
  if (!has_axis || vector.children.size() > 3 || vector.children.size() < 2) return {};
  const Comparison rest = compare_values(with_axis(one, -1), make_number(0), budget_);
  if (rest.same != Same::yes) return {};
  for (std::size_t i = 0; i < 3; ++i) {
    const Node part = with_axis(one, static_cast<int>(i));
    const Node entry = i < vector.children.size() ? vector.children[i] : make_number(0);
    Comparison same = both(part, entry);
    if (same.same != Same::yes) return same;
  }
  return {Same::yes, "equal component by component"};
}

}  // namespace assay::math
