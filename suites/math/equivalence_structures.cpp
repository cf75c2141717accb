#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <utility>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_sets.h"

namespace assay::math {
namespace {

// A condition in words: nothing at all, or "otherwise"; "x rational" is one of its own.
bool is_otherwise(const Node& node) {
  return node.kind == Kind::text && (node.name.empty() || node.name == "otherwise");
}

bool is_residue_class(const Node& node) {
  return node.kind == Kind::relation && node.operators == "=" &&
         node.children[0].kind == Kind::symbol && node.children[1].kind == Kind::call &&
         node.children[1].name == "pmod" && node.children[1].children.size() == 2;
}

// Whether a condition holds at a point; nothing where that cannot be told.
std::optional<bool> holds(const Node& condition, const std::string& variable, const Rational& point,
                          Budget& budget) {
  if (condition.kind != Kind::relation) return std::nullopt;
  if (!is_residue_class(condition)) return satisfies(condition, variable, point, budget);
  const auto rest = exact_value(condition.children[1].children[0], budget);
  const auto modulus = exact_value(condition.children[1].children[1], budget);
  if (!rest || !modulus || *modulus == 0) return std::nullopt;
  return denominator(Rational((point - *rest) / *modulus)) == 1;
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
      const auto found = holds(part, variable, point, budget);
      known = known && found.has_value();
      all = all && found == std::optional<bool>(true);
      any = any || found == std::optional<bool>(true);
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

// Every number of the conditions, and what lies between and around them; integers where one of the
// conditions is for those.
std::vector<Rational> points_of_cases(const Node& gold, const Node& answer) {
  std::vector<Rational> points;
  bool integers = false;
  for (const Node* side : {&gold, &answer}) {
    for (std::size_t i = 1; i < side->children.size(); i += 2) {
      collect_numbers(side->children[i], points);
      integers = integers || contains(side->children[i], is_residue_class);
    }
  }
  if (integers) {
    constexpr int tried = 13;
    std::vector<Rational> counts;
    for (int i = 1; i <= tried; ++i) counts.emplace_back(i);
    return counts;
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
  return all;
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

// Case by case, where the conditions are the same in some order: "no" where one of them has other
// values on the two sides.
Comparison Comparer::case_by_case(const Node& gold, const Node& answer) {
  if (gold.children.size() != answer.children.size()) return {};
  Comparison overall = yes("the same value in every case");
  for (std::size_t i = 0; i + 1 < gold.children.size(); i += 2) {
    bool found = false;
    for (std::size_t k = 0; k + 1 < answer.children.size() && !found; k += 2) {
      if (compare(gold.children[i + 1], answer.children[k + 1]).same != Same::yes) continue;
      found = true;
      Comparison values = compare(gold.children[i], answer.children[k]);
      if (values.same == Same::no) return no("another value in the same case: " + values.how);
      if (values.same == Same::unknown) overall = values;
    }
    if (!found) return {};
  }
  return overall;
}

Comparison Comparer::piecewise(const Node& gold, const Node& answer) {
  Comparison by_case = case_by_case(gold, answer);
  if (by_case.same != Same::unknown) return by_case;
  std::set<std::string> names;
  for (const Node* side : {&gold, &answer}) {
    for (std::size_t i = 1; i < side->children.size(); i += 2)
      names.merge(free_symbols(side->children[i]));
  }
  if (names.size() != 1) return {Same::unknown, "piecewise in other than one variable"};
  const std::string& name = *names.begin();
  bool known = true;
  for (const Rational& point : points_of_cases(gold, answer)) {
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
