#include <algorithm>
#include <iterator>
#include <map>
#include <set>
#include <utility>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_constants.h"
#include "suites/math/equivalence_sets.h"

namespace assay::math {
namespace {

Node difference(const Node& relation) {
  return make_node(Kind::add,
                   {relation.children[0], make_node(Kind::negate, {relation.children[1]})});
}

}  // namespace

Node substituted(const Node& node, const std::string& symbol, const Node& value, Budget& budget) {
  const bool here = node.kind == Kind::symbol && node.name == symbol;
  if (!budget.spend(node_written_ns * (here ? count_nodes(value) : 1))) return node;
  if (here) return value;
  return with_children(
      node, [&](const Node& child) { return substituted(child, symbol, value, budget); });
}

Node at(const Node& node, const std::map<std::string, Rational>& values, Budget& budget) {
  if (!budget.spend(node_written_ns)) return node;
  if (node.kind == Kind::symbol) {
    const auto found = values.find(node.name);
    return found == values.end() ? node : make_number(found->second);
  }
  return with_children(node, [&](const Node& child) { return at(child, values, budget); });
}

namespace {

// Whether f is of degree one in the symbol: f(1) - f(0) is f(2) - f(1) and f(0) - f(-1), and not
// zero.
bool is_linear_in(const Node& f, const std::string& symbol, Budget& budget) {
  const Node at0 = substituted(f, symbol, make_number(0), budget);
  const Node at1 = substituted(f, symbol, make_number(1), budget);
  const Node at2 = substituted(f, symbol, make_number(2), budget);
  const Node first = make_node(Kind::add, {at1, make_node(Kind::negate, {at0})});
  const Node second = make_node(Kind::add, {at2, make_node(Kind::negate, {at1})});
  const Node before = substituted(f, symbol, make_number(-1), budget);
  const Node third = make_node(Kind::add, {at0, make_node(Kind::negate, {before})});
  return compare_values(first, second, budget).same == Same::yes &&
         compare_values(first, third, budget).same == Same::yes &&
         compare_values(first, make_number(0), budget).same == Same::no;
}

// Whether f = 0 says the same as "symbol = solution", which solves it: f is of degree one in the
// symbol, and its factor has no roots of its own, as in (x - 1) y = (x - 1)(2x + 1).
bool is_solved_by(const Node& f, const std::string& symbol, const Node& solution, Budget& budget) {
  if (!is_linear_in(f, symbol, budget)) return false;
  const Node at0 = substituted(f, symbol, make_number(0), budget);
  const Node at1 = substituted(f, symbol, make_number(1), budget);
  const Node factor = make_node(Kind::add, {at1, make_node(Kind::negate, {at0})});
  const bool divides = contains(solution, [](const Node& n) {
    return n.kind == Kind::divide || (n.kind == Kind::power && n.children[1].kind == Kind::negate);
  });
  return divides || constant_ratio_sign(factor, make_number(1), budget) != 0;
}

struct Fraction {
  Node top;
  Node bottom;
};

Node times(Node a, Node b) {
  if (a.kind == Kind::number && a.number == 1) return b;
  if (b.kind == Kind::number && b.number == 1) return a;
  return make_node(Kind::multiply, {std::move(a), std::move(b)});
}

// Sums, products and quotients over one denominator; as they are where the budget ends.
Fraction over_one(const Node& node, Budget& budget) {
  Fraction result{node, make_number(1)};
  if (!budget.spend(node_written_ns)) return result;
  if (node.kind == Kind::negate) {
    result = over_one(node.children[0], budget);
    result.top = make_node(Kind::negate, {Node(std::move(result.top))});
  } else if (node.kind == Kind::divide) {
    Fraction a = over_one(node.children[0], budget);
    Fraction b = over_one(node.children[1], budget);
    result = {times(std::move(a.top), std::move(b.bottom)),
              times(std::move(a.bottom), std::move(b.top))};
  } else if (node.kind == Kind::multiply || node.kind == Kind::add) {
    result = over_one(node.children[0], budget);
    for (std::size_t i = 1; i < node.children.size(); ++i) {
      Fraction next = over_one(node.children[i], budget);
      const std::int64_t copied = count_nodes(next.bottom) + count_nodes(result.bottom);
      if (!budget.spend(copied * node_written_ns)) return {node, make_number(1)};
      const bool sum = node.kind == Kind::add;
      Node top = sum ? make_node(Kind::add, {times(std::move(result.top), next.bottom),
                                             times(std::move(next.top), result.bottom)})
                     : times(std::move(result.top), std::move(next.top));
      result = {std::move(top), times(std::move(result.bottom), std::move(next.bottom))};
    }
  }
  return result;
}

// sin t and cos t as letters of their own: an identity is no other identity.
Node with_calls_as_names(const Node& node) {
  if (node.kind == Kind::call && !free_symbols(node).empty()) return make_symbol(render(node));
  return with_children(node, with_calls_as_names);
}

// b/(a + 1) = 4/5 and 5b = 4(a + 1); sin^2 t = 1 - cos^2 t and sin^2 t + cos^2 t = 1.
bool same_when_cleared(const Node& f, const Node& g, Budget& budget) {
  constexpr int nodes_max = 40;
  const auto divides = [](const Node& n) { return n.kind == Kind::divide; };
  const auto calls = [](const Node& n) { return n.kind == Kind::call; };
  if (count_nodes(f) > nodes_max || count_nodes(g) > nodes_max) return false;
  if (contains(f, divides) || contains(g, divides)) {
    const Node a = over_one(f, budget).top;
    const Node b = over_one(g, budget).top;
    if (constant_ratio_sign(a, b, budget) != 0) return true;
  }
  return contains(f, calls) && contains(g, calls) &&
         constant_ratio_sign(with_calls_as_names(f), with_calls_as_names(g), budget) != 0;
}

// a < x <= b, read as (a, b].
std::optional<Node> interval_of(const Node& relation) {
  const std::string& signs = relation.operators;
  if (signs.size() != 2 || relation.children[1].kind != Kind::symbol) return std::nullopt;
  const auto below = [](char c) { return c == '<' || c == 'L'; };
  const auto above = [](char c) { return c == '>' || c == 'G'; };
  const bool rising = below(signs[0]) && below(signs[1]);
  if (!rising && !(above(signs[0]) && above(signs[1]))) return std::nullopt;
  Node interval = make_node(Kind::interval,
                            {relation.children[rising ? 0 : 2], relation.children[rising ? 2 : 0]});
  const bool first = signs[0] == 'L' || signs[0] == 'G';
  const bool second = signs[1] == 'L' || signs[1] == 'G';
  interval.closed_left = rising ? first : second;
  interval.closed_right = rising ? second : first;
  return interval;
}

// x = 1 or x = 2 as one equation: (x - 1)(x - 2) = 0.
std::optional<Node> product_of_equations(const Node& node) {
  if (node.kind == Kind::relation)
    return node.operators == "=" ? std::optional<Node>(difference(node)) : std::nullopt;
  if (node.children.empty() || node.children.size() > 8) return std::nullopt;
  Node product = make_node(Kind::multiply, {});
  for (const Node& child : node.children) {
    if (child.kind != Kind::relation || child.operators != "=") return std::nullopt;
    product.children.push_back(difference(child));
  }
  return product;
}

}  // namespace

Comparison Comparer::relations(const Node& gold, const Node& answer) {
  if (gold.operators == "I" || answer.operators == "I") {
    const auto set_of = [](const Node& n) -> const Node& {
      return n.operators == "I" ? n.children[1] : n;
    };
    if (gold.operators == answer.operators) {
      Comparison subject = compare(gold.children[0], answer.children[0]);
      if (subject.same == Same::no) return subject;
      return compare(gold.children[1], answer.children[1]);
    }
    if (policy_.relations == Relations::strict)
      return {Same::no, "a membership here, another relation there"};
    const bool reverse = policy_.relations == Relations::gold_is_relation && gold.operators == "I";
    if (reverse) return {Same::no, "the policy takes no inequality for a reference that is a set"};
    return compare(set_of(gold), set_of(answer));
  }
  const bool gold_equation = gold.operators == "=";
  if (gold_equation != (answer.operators == "="))
    return {Same::no, "an equation here, another relation there"};
  return gold_equation ? equations(gold, answer) : inequalities(gold, answer);
}

// Two equations that give a value to the same thing: the values decide, up to the names of what
// they depend on and of arbitrary constants. Nothing where other ways may still lead to "yes".
std::optional<Comparison> Comparer::assignments(const Node& gold, const Node& answer) {
  const Node& left = gold.children[0];
  const Node& right = answer.children[0];
  if (assigned_name(gold).empty() || assigned_name(answer).empty()) return std::nullopt;
  // W(n) = .. and W(x) = ..: the argument may have any name, and may be left out: W = ..
  const auto argument_of = [](const Node& n) {
    const bool unary = n.kind == Kind::call && n.children.size() == 1;
    return unary && n.children[0].kind == Kind::symbol ? n.children[0].name : std::string();
  };
  const std::string mine = argument_of(left);
  const std::string theirs = argument_of(right);
  if (!mine.empty() && !theirs.empty() && mine != theirs && left.name == right.name) {
    return compare(
        gold, make_relation(left, '=',
                            substituted(answer.children[1], theirs, make_symbol(mine), budget_)));
  }
  if (!have_same_role(left, right)) return std::nullopt;
  const auto is_residue = [](const Node& n) { return n.kind == Kind::call && n.name == "pmod"; };
  if (is_residue(gold.children[1]) != is_residue(answer.children[1]))
    return no("a residue class here, a value there");
  Comparison values = compare(gold.children[1], answer.children[1]);
  if (values.same == Same::yes || free_symbols(gold.children[1]).empty()) return values;
  if (mine.empty() != theirs.empty()) {
    const std::string& named = mine.empty() ? theirs : mine;
    const auto a = free_symbols(mine.empty() ? answer.children[1] : gold.children[1]);
    const auto b = free_symbols(mine.empty() ? gold.children[1] : answer.children[1]);
    std::vector<std::string> other;
    std::set_difference(b.begin(), b.end(), a.begin(), a.end(), std::back_inserter(other));
    if (a.contains(named) && !b.contains(named) && other.size() == 1) {
      const Node letter = make_symbol(mine.empty() ? other[0] : named);
      const std::string& replaced = mine.empty() ? named : other[0];
      return compare(
          make_relation(letter, '=', gold.children[1]),
          make_relation(letter, '=', substituted(answer.children[1], replaced, letter, budget_)));
    }
  }
  return same_solutions(gold, answer, budget_);
}

Comparison Comparer::equation_pair(const Node& gold, const Node& answer) {
  if (const auto same = assignments(gold, answer)) return *same;
  const bool formulas =
      gold.children[0].kind != Kind::tuple && answer.children[0].kind != Kind::tuple;
  if (!formulas) {
    Comparison left = compare(gold.children[0], answer.children[0]);
    return left.same == Same::yes ? compare(gold.children[1], answer.children[1]) : left;
  }
  if (const auto renamed = with_same_constant(gold, answer, budget_))
    return compare(gold, *renamed);
  // Names given to different things: x = 1 is not y = 1, nor f(1) = 2 f(2) = 2.
  const bool named = !assigned_name(gold).empty() && !assigned_name(answer).empty();
  const bool values = free_symbols(gold).empty() && free_symbols(answer).empty();
  if (named && (values || free_symbols(gold) != free_symbols(answer)))
    return {Same::no, "other variables"};
  const Node f = difference(gold);
  const Node g = difference(answer);
  if (free_symbols(f) != free_symbols(g)) return {Same::no, "other variables"};
  // 2 + 3 = 5 and 4 + 1 = 5: calculations, of which the results count.
  if (free_symbols(f).empty()) return compare(gold.children[1], answer.children[1]);
  if (constant_ratio_sign(f, g, budget_) != 0)
    return {Same::yes, "the same equation up to a factor"};
  if (same_when_cleared(f, g, budget_))
    return {Same::yes, "the same equation once its denominators are cleared"};
  for (const auto& [explicit_form, other] : {std::pair(&gold, &g), std::pair(&answer, &f)}) {
    const Node& name = explicit_form->children[0];
    if (name.kind != Kind::symbol || free_symbols(explicit_form->children[1]).contains(name.name))
      continue;
    const Node inserted = substituted(*other, name.name, explicit_form->children[1], budget_);
    const bool solves = compare_values(inserted, make_number(0), budget_).same == Same::yes;
    if (solves && is_solved_by(*other, name.name, explicit_form->children[1], budget_))
      return {Same::yes, "one equation is the other solved for " + name.name};
  }
  Comparison as_sets = sets(gold, answer);
  if (as_sets.same != Same::unknown && free_symbols(f).size() == 1) return as_sets;
  return {Same::no, "the equations are not multiples of each other"};
}

Comparison Comparer::equations(const Node& gold, const Node& answer) {
  if (gold.kind == Kind::relation && answer.kind == Kind::relation)
    return equation_pair(gold, answer);
  const auto f = product_of_equations(gold);
  const auto g = product_of_equations(answer);
  if (f && g && free_symbols(*f).size() == 1 && free_symbols(*f) == free_symbols(*g)) {
    if (constant_ratio_sign(*f, *g, budget_) != 0)
      return {Same::yes, "the same equation up to a factor"};
    Comparison as_sets = sets(gold, answer);
    if (as_sets.same != Same::unknown) return as_sets;
  }
  // An equation of one variable against its bare solutions: x^2 = 4 and 2, -2.
  Comparison as_sets = sets(gold, answer);
  if (as_sets.same != Same::unknown) return as_sets;
  return {Same::no, "several answers here, one equation there"};
}

Comparison Comparer::inequalities(const Node& gold, const Node& answer) {
  const auto names = free_symbols(gold);
  if (names != free_symbols(answer)) return {Same::no, "other variables"};
  const bool solvable = names.size() == 1;
  if (solvable) {
    Comparison as_sets = sets(gold, answer);
    if (as_sets.same != Same::unknown) return as_sets;
  }
  if (gold.operators.size() != answer.operators.size())
    return {Same::unknown, "chains of inequalities of different length"};
  const std::size_t n = gold.operators.size();
  for (const bool reversed : {false, true}) {
    bool all = true;
    for (std::size_t i = 0; i < n && all; ++i) {
      const std::size_t k = reversed ? n - 1 - i : i;
      const char code = reversed ? flipped(answer.operators[k]) : answer.operators[k];
      const Node g =
          make_node(Kind::add, {gold.children[i], make_node(Kind::negate, {gold.children[i + 1]})});
      const Node& left = reversed ? answer.children[k + 1] : answer.children[k];
      const Node& right = reversed ? answer.children[k] : answer.children[k + 1];
      const Node a = make_node(Kind::add, {left, make_node(Kind::negate, {right})});
      const int sign = constant_ratio_sign(g, a, budget_);
      const bool fits = (sign > 0 && code == gold.operators[i]) ||
                        (sign < 0 && flipped(code) == gold.operators[i]) ||
                        (sign != 0 && code == 'N' && gold.operators[i] == 'N');
      all = fits;
    }
    if (all) return {Same::yes, "the same inequality up to a factor"};
  }
  // A point where one holds and the other does not decides.
  if (solvable) {
    for (int i = -24; i <= 24; ++i) {
      const Rational at(i * 7 + 1, 12);
      const auto a = satisfies(gold, *names.begin(), at, budget_);
      const auto b = satisfies(answer, *names.begin(), at, budget_);
      if (a && b && *a != *b) return {Same::no, "they differ at a test point"};
    }
    return {Same::unknown, "inequalities that cannot be solved"};
  }
  return {Same::no, "the inequalities are not multiples of each other"};
}

// "a + b = 7" against 7: what was asked for, with its value; but "2x = 8" says x = 4 and not 8.
Comparison Comparer::solved(const Node& equation, const Node& value, bool equation_is_gold) {
  Comparison none{Same::no, "an equation here, none there"};
  const Node& left = equation.children[0];
  const auto names = free_symbols(left);
  if (policy_.relations == Relations::strict || names.empty() ||
      !free_symbols(equation.children[1]).empty() || !free_symbols(value).empty())
    return none;
  if (names.size() == 1 && (equation_is_gold || is_linear_in(left, *names.begin(), budget_)))
    return none;
  // A reference that is an equation may be a curve: only a quotient is surely what was asked for.
  if (equation_is_gold && left.kind != Kind::divide) return none;
  return equation_is_gold ? compare(equation.children[1], value)
                          : compare(value, equation.children[1]);
}

Comparison Comparer::relation_against(const Node& relation, const Node& other,
                                      bool relation_is_gold) {
  const auto in_order_of_roles = [&](const Node& part) {
    return relation_is_gold ? compare(part, other) : compare(other, part);
  };
  if (relation.operators == "I") {
    if (policy_.relations == Relations::strict && !policy_.assignment_optional)
      return {Same::no, "a membership here, none there"};
    return in_order_of_roles(relation.children[1]);
  }
  if (relation.operators == "=") {
    const Node& residue = relation.children[1];
    if (residue.kind == Kind::call && residue.name == "pmod" && other.kind == Kind::number) {
      // "n = 5 (mod 7)" where the remainder is asked for.
      return in_order_of_roles(residue.children[0]);
    }
    if (!policy_.assignment_optional) return {Same::no, "an equation here, none there"};
    const bool constant =
        free_symbols(relation.children[0]).empty() && free_symbols(relation.children[1]).empty();
    if (!assigned_name(relation).empty() || constant)
      return in_order_of_roles(relation.children[1]);
    // 1 = x
    const Node turned = make_relation(relation.children[1], '=', relation.children[0]);
    if (!assigned_name(turned).empty() && free_symbols(turned.children[1]).empty())
      return in_order_of_roles(turned.children[1]);
    // Math-Verify takes the right side of whatever equation answers a bare reference.
    if (!relation_is_gold && policy_.relations == Relations::gold_is_relation)
      return in_order_of_roles(relation.children[1]);
    return solved(relation, other, relation_is_gold);
  }
  const bool allowed = policy_.relations == Relations::both ||
                       (policy_.relations == Relations::gold_is_relation && relation_is_gold);
  if (!allowed)
    return {Same::no, "an inequality here, a " + std::string(name_of(other.kind)) + " there"};
  Comparison as_sets = relation_is_gold ? sets(relation, other) : sets(other, relation);
  if (as_sets.same != Same::unknown) return as_sets;
  if (const auto chain = interval_of(relation); chain && other.children.size() == 2) {
    // a < x < b and (a, b), with ends that are letters.
    const bool open = !other.closed_left && !other.closed_right;
    if (other.kind == Kind::interval || (other.kind == Kind::tuple && open)) {
      if (chain->closed_left != other.closed_left || chain->closed_right != other.closed_right)
        return {Same::no, "one end is open here and closed there"};
      return relation_is_gold ? in_order(chain->children, other.children)
                              : in_order(other.children, chain->children);
    }
  }
  const bool set_like = other.kind == Kind::interval || other.kind == Kind::tuple ||
                        other.kind == Kind::set_operation;
  if (!set_like)
    return {Same::no, "an inequality here, a " + std::string(name_of(other.kind)) + " there"};
  return as_sets;
}

}  // namespace assay::math
