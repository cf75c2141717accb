// Lists and sets of answers, and what is compared with one.
#include <algorithm>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_families.h"

namespace assay::math {
namespace {

// The letters of several choices, "A, C" or "AC", in order; empty for all else.
std::string chosen_letters(const Node& node) {
  std::string letters;
  const bool several = node.kind == Kind::list || node.kind == Kind::set;
  if (several) {
    for (const Node& child : node.children) {
      const std::string one = letters_of(child);
      if (one.size() != 1) return {};
      letters += one;
    }
  } else {
    letters = letters_of(node);
  }
  std::sort(letters.begin(), letters.end());
  const bool choices =
      std::all_of(letters.begin(), letters.end(), [](char c) { return c >= 'A' && c <= 'J'; });
  const bool once = std::adjacent_find(letters.begin(), letters.end()) == letters.end();
  return choices && once && letters.size() > 1 ? letters : std::string();
}

// "2n - 1, n in N" without what it says of its letter; a single member is itself.
Node without_declarations(const Node& list) {
  Node rest = list;
  if (list.kind == Kind::list) std::erase_if(rest.children, is_declaration);
  return rest.children.empty() ? list : rest;
}

// Both without their declarations, the letter of the answer called as in the reference.
std::optional<std::pair<Node, Node>> without_declarations(const Node& gold, const Node& answer,
                                                          Budget& budget) {
  const auto a = std::find_if(gold.children.begin(), gold.children.end(), is_declaration);
  const auto b = std::find_if(answer.children.begin(), answer.children.end(), is_declaration);
  if (a == gold.children.end() || b == answer.children.end()) return std::nullopt;
  if (gold.children.size() < 2 || answer.children.size() < 2) return std::nullopt;
  Node first = without_declarations(gold);
  Node second = substituted(without_declarations(answer), b->children[0].name,
                            make_symbol(a->children[0].name), budget);
  const auto single = [](Node node) {
    return node.children.size() == 1 ? Node(node.children[0]) : node;
  };
  return std::pair(single(std::move(first)), single(std::move(second)));
}

// "2 hours and 30 minutes": one quantity in parts that grow smaller.
std::optional<Node> sum_of_parts(const Node& list) {
  if (list.kind != Kind::list || list.name == "or" || list.children.size() < 2) return std::nullopt;
  Node sum = make_node(Kind::add, {});
  for (std::size_t i = 0; i < list.children.size(); ++i) {
    const Node& part = list.children[i];
    if (part.kind != Kind::quantity || part.name.find('?') != std::string::npos ||
        part.name != list.children[0].name)
      return std::nullopt;
    if (i > 0 && part.number >= list.children[i - 1].number) return std::nullopt;
    sum.children.push_back(make_node(
        Kind::multiply, {part.children[0], make_number(part.number / list.children[0].number)}));
  }
  Node whole = make_node(Kind::quantity, {std::move(sum)});
  whole.name = list.children[0].name;
  whole.number = list.children[0].number;
  return whole;
}

bool is_inequality(const Node& node) {
  return node.kind == Kind::relation && node.operators.find_first_of("<>LGN") != std::string::npos;
}

bool are_inequalities(const Node& list) {
  return std::all_of(list.children.begin(), list.children.end(), is_inequality);
}

// (a, b) = (1, 2) as a = 1, b = 2; empty for other equations.
std::optional<Node> equations_of_places(const Node& equation) {
  const Node& left = equation.children[0];
  const Node& right = equation.children[1];
  const bool pointwise = equation.operators == "=" && left.kind == Kind::tuple &&
                         right.kind == Kind::tuple && left.children.size() == right.children.size();
  if (!pointwise) return std::nullopt;
  Node list = make_node(Kind::list, {});
  for (std::size_t i = 0; i < left.children.size(); ++i) {
    list.children.push_back(make_relation(left.children[i], '=', right.children[i]));
  }
  return list;
}

}  // namespace

bool is_several(const Node& node) {
  return node.kind == Kind::list || node.kind == Kind::set;
}

Comparison Comparer::several(const Node& gold, const Node& answer) {
  if (gold.kind == Kind::set && answer.kind == Kind::set)
    return in_any_order(gold.children, answer.children);
  if (gold.kind == Kind::list && answer.kind == Kind::list) return lists(gold, answer);
  const bool some_is_gold = is_several(gold);
  const Node& some = some_is_gold ? gold : answer;
  const Node& other = some_is_gold ? answer : gold;
  const auto in_roles = [&](const Node& of_some, const Node& of_other) {
    return some_is_gold ? compare(of_some, of_other) : compare(of_other, of_some);
  };
  const Node plain = without_declarations(some);
  if (plain.children.size() < some.children.size())
    return in_roles(plain.children.size() == 1 ? plain.children[0] : plain, other);
  const std::string letters = chosen_letters(some);
  if (!letters.empty() && letters == chosen_letters(other)) return yes("the same choices");
  if (other.kind == Kind::quantity || other.kind == Kind::number) {
    if (const auto whole = sum_of_parts(some)) return in_roles(*whole, other);
  }
  if (is_several(other)) {
    if (!policy_.braces_optional) return no("a set here, a list there");
    return in_any_order(gold.children, answer.children);
  }
  if (some.children.size() == 1 && other.kind != Kind::tuple) {
    const Node& only = some.children.front();
    if (only.kind == Kind::named_set && some.kind == Kind::set && other.kind == Kind::named_set)
      return no("a set of a set here, the set itself there");
    return in_roles(only, other);
  }
  const bool together = some.kind == Kind::list && are_inequalities(some) &&
                        (is_inequality(other) || policy_.relations != Relations::strict);
  if (together) return sets(gold, answer);
  if (other.kind == Kind::tuple) return several_against_tuple(some, other, some_is_gold);
  if (other.kind == Kind::relation) return several_against_relation(some, other, some_is_gold);
  // A reference of two numbers against [1, 2]: a list in brackets.
  const bool bracketed_list = some_is_gold && some.kind == Kind::list &&
                              other.kind == Kind::interval && other.closed_left &&
                              other.closed_right && some.children.size() == 2 &&
                              std::all_of(some.children.begin(), some.children.end(), is_formula);
  if (bracketed_list) return in_any_order(gold.children, answer.children);
  if (is_set_like(other)) return sets(gold, answer);
  // "3/4 or 0.75" says one thing twice, and so does "x = y = 3" of its value.
  const auto said = [](const Node& n) -> const Node& {
    return assigned_name(n).empty() ? n : n.children[1];
  };
  for (std::size_t i = 1; i < some.children.size(); ++i) {
    if (compare(said(some.children[0]), said(some.children[i])).same != Same::yes)
      return no("several answers here, one there");
  }
  return some.children.empty() ? no("no answer here, one there")
                               : in_roles(some.children[0], other);
}

Comparison Comparer::lists(const Node& gold, const Node& answer) {
  if (const auto pair = without_declarations(gold, answer, budget_))
    return compare(pair->first, pair->second);
  if (are_inequalities(gold) || are_inequalities(answer)) {
    Comparison as_sets = sets(gold, answer);
    if (as_sets.same != Same::unknown) return as_sets;
  }
  if (gold.name == "parts" && answer.name == "parts") return parts(gold, answer);
  return policy_.lists == Order::free ? in_any_order(gold.children, answer.children)
                                      : in_order(gold.children, answer.children);
}

Comparison Comparer::several_against_tuple(const Node& some, const Node& tuple, bool some_is_gold) {
  // x = 1, y = 2 against (1, 2): the names say which is which.
  std::set<std::string> names;
  for (const Node& child : some.children) names.insert(assigned_name(child));
  const bool named =
      some.kind == Kind::list && names.size() == some.children.size() && !names.contains("");
  if (some.kind != Kind::list || !(named || policy_.parentheses_optional))
    return no("several answers here, one tuple there");
  return some_is_gold ? in_order(some.children, tuple.children)
                      : in_order(tuple.children, some.children);
}

Comparison Comparer::several_against_relation(const Node& some, const Node& relation,
                                              bool some_is_gold) {
  const auto against = [&](const Node& other) {
    return some_is_gold ? compare(some, other) : compare(other, some);
  };
  if (const auto places = equations_of_places(relation)) return against(*places);
  // A set against x in {1, 2}; x = 1, 2 against an equation.
  const bool names_a_set = relation.operators == "=" && !assigned_name(relation).empty() &&
                           is_set_like(relation.children[1]) && policy_.assignment_optional;
  if (relation.operators == "I" || names_a_set) return against(relation.children[1]);
  const Node& gold = some_is_gold ? some : relation;
  const Node& answer = some_is_gold ? relation : some;
  return relation.operators == "=" ? equations(gold, answer) : sets(gold, answer);
}

// "(a) 3 (b) 5": with labels on both sides the order counts, of the parts at least.
Comparison Comparer::parts(const Node& gold, const Node& answer) {
  Comparison ordered = in_order(gold.children, answer.children);
  const auto one_each = [](const Node& n) { return n.rows == static_cast<int>(n.children.size()); };
  if (ordered.same != Same::no || (one_each(gold) && one_each(answer))) return ordered;
  const bool same_members = in_any_order(gold.children, answer.children).same != Same::no;
  return same_members ? Comparison{Same::unknown, "parts of several answers in another order"}
                      : ordered;
}

}  // namespace assay::math
