// The comparison of two trees under a policy.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "suites/math/expression/evaluate.h"
#include "suites/math/expression/node.h"
#include "suites/math/policy.h"

namespace assay::math {

inline Comparison yes(std::string how) {
  return {Same::yes, std::move(how)};
}
inline Comparison no(std::string how) {
  return {Same::no, std::move(how)};
}

// One judgement's worth of comparing; made for it and thrown away.
class Comparer {
 public:
  Comparer(const Policy& policy, Budget& budget) : policy_(policy), budget_(budget) {}

  Comparison compare(const Node& gold, const Node& answer);

 private:
  // Several answers: equivalence_several.cpp.
  Comparison several(const Node& gold, const Node& answer);
  Comparison lists(const Node& gold, const Node& answer);
  std::optional<Comparison> under_conditions(const Node& gold, const Node& answer);
  Comparison parts(const Node& gold, const Node& answer);
  Comparison several_against_tuple(const Node& some, const Node& tuple, bool some_is_gold);
  Comparison several_against_relation(const Node& some, const Node& relation, bool some_is_gold);
  Comparison in_order(const std::vector<Node>& gold, const std::vector<Node>& answer);
  Comparison in_any_order(const std::vector<Node>& gold, const std::vector<Node>& answer);
  Comparison relations(const Node& gold, const Node& answer);
  Comparison equations(const Node& gold, const Node& answer);
  Comparison equation_pair(const Node& gold, const Node& answer);
  std::optional<Comparison> assignments(const Node& gold, const Node& answer);
  Comparison inequalities(const Node& gold, const Node& answer);
  Comparison relation_against(const Node& relation, const Node& other, bool relation_is_gold);
  Comparison sets(const Node& gold, const Node& answer);
  Comparison structure(const Node& gold, const Node& answer);
  std::optional<Comparison> same_structure(const Node& gold, const Node& answer);
  std::optional<Comparison> by_components(const Node& gold, const Node& answer);
  Comparison set_structure(const Node& gold, const Node& answer);
  std::optional<Comparison> points_that_count(const Node& gold, const Node& answer);
  Comparison ratios(const Node& gold, const Node& answer);
  Comparison choices(const Node& gold, const Node& answer);
  Comparison texts(const Node& gold, const Node& answer);  // equivalence_texts.cpp
  Comparison piecewise(const Node& gold, const Node& answer);
  Comparison case_by_case(const Node& gold, const Node& answer);
  Comparison builders(const Node& gold, const Node& answer);
  Comparison components(const Node& one, const Node& vector, bool one_is_gold);
  Comparison solved(const Node& equation, const Node& value, bool equation_is_gold);
  Comparison scalars(const Node& gold, const Node& answer);
  Comparison numbers(const Node& gold, const Node& answer);
  Comparison within_tolerance(const Node& gold, const Node& answer);
  double tolerance() const;

  const Policy& policy_;
  Budget& budget_;
  std::size_t position_ = 0;  // of the answer among several, for tolerances
  int depth_ = 0;
};

// A number and what was written onto it.
struct Measure {
  Node value;
  std::string dimension;  // "" and measured: a bare count
  std::string sides;      // "east", "profit": said.h
  Rational size = 1;
  bool measured = false;
  bool percent = false;
  bool degree = false;
};

Measure peel(const Node& node);

// A list or a set of answers; a row or a column; what has places in an order; what has members;
// what has one value.
bool is_several(const Node& node);
bool is_vector(const Node& node);
bool is_tuple_like(const Node& node);
bool is_set_like(const Node& node);
bool is_formula(const Node& node);

// "E" and the product E*v*e*n: what letters spell.
std::string letters_of(const Node& node);

// Two runs of the same capitals in another order, where they may be words ("HTH", "IV") and no
// products: different, or unknown. Nothing for all else: AB is BA.
std::optional<Comparison> compare_runs_of_capitals(const Node& gold, const Node& answer);

// A text that is the same for trees that differ in the order of terms and of sets that are united
// alone, or of factors too.
std::string text_in_any_order(const Node& node, bool factors);

// What writing a node of a tree costs.
inline constexpr std::int64_t node_written_ns = 100;

// The tree with every occurrence of a symbol replaced; all but what the budget does not pay for.
Node substituted(const Node& node, const std::string& symbol, const Node& value, Budget& budget);

// The same of several symbols, by numbers.
Node at(const Node& node, const std::map<std::string, Rational>& values, Budget& budget);

// Whether several +- in one answer are chosen each by itself, or all at once.
enum class Signs { independent, together };

// +- stands for two answers, "n = 1, 2, 3" for three equations, chains of equations for their ends.
Node normalize(Node node, Budget& budget, Signs signs = Signs::independent);

// (+-2, +-1) with both signs chosen at once, normalised; nothing where that is no other reading.
std::optional<Node> with_signs_together(const Node& node, Budget& budget);

// Sums, products and multiples of matrices, and of points and vectors, carried out cell by cell;
// they stay as written where that would cost more than is left.
Node fold_matrices(Node node, Budget& budget);

// The variable (or function) that an equation gives a value to: "x", "f(x)", "|AB|"; else empty.
std::string assigned_name(const Node& relation);

// Whether two left sides stand for the same thing: y and f(x), V and V(r), y' and dy/dx, x_1 and x.
bool have_same_role(const Node& a, const Node& b);

}  // namespace assay::math
