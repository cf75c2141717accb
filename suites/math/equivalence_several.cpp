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

bool is_inequality(const Node& node) {
  return node.kind == Kind::relation && node.operators.find_first_of("<>LGN") != std::string::npos;
}

bool is_membership(const Node& node) {
  return node.kind == Kind::relation && node.operators == "I" &&
         node.children[0].kind == Kind::symbol;
}

// The letters that the answers of a list depend on; of an equation, those of its right side and the
// arguments of its left.
std::set<std::string> letters_used(const Node& list) {
  std::set<std::string> letters;
  for (const Node& child : list.children) {
    if (is_inequality(child) || is_membership(child)) continue;
    if (assigned_name(child).empty()) {
      letters.merge(free_symbols(child));
      continue;
    }
    if (child.children[0].kind == Kind::call) letters.merge(free_symbols(child.children[0]));
    letters.merge(free_symbols(child.children[1]));
  }
  return letters;
}

// "x > 0" behind "f(x) = x^2", "k in Z": what is said of a letter of the answers, and no answer.
bool is_condition(const Node& node, const std::set<std::string>& letters) {
  if (is_declaration(node)) return true;
  if (!is_membership(node) && !is_inequality(node)) return false;
  const auto names = free_symbols(node);
  return names.size() == 1 && letters.contains(*names.begin());
}

struct Qualified {
  Node answers;
  std::vector<Node> conditions;
};

// "2n - 1, n in N" with what it says of its letter apart; a single answer is itself. Nothing where
// nothing is said.
std::optional<Qualified> qualified(const Node& list) {
  const auto perhaps = [](const Node& n) { return is_inequality(n) || is_membership(n); };
  if (list.kind != Kind::list ||
      std::none_of(list.children.begin(), list.children.end(), perhaps) ||
      std::all_of(list.children.begin(), list.children.end(), perhaps))
    return std::nullopt;
  const auto letters = letters_used(list);
  Qualified parts{.answers = without_children(list), .conditions = {}};
  for (const Node& child : list.children) {
    auto& place = is_condition(child, letters) ? parts.conditions : parts.answers.children;
    place.push_back(child);
  }
  if (parts.conditions.empty()) return std::nullopt;
  if (parts.answers.children.size() == 1) parts.answers = Node(parts.answers.children[0]);
  return parts;
}

// "n >= 1", "k in Z", "x in R": a domain that is taken for granted where nobody states it.
bool goes_without_saying(const Node& condition) {
  if (is_declaration(condition)) return true;
  if (condition.operators == "I")
    return condition.children[1].kind == Kind::named_set && condition.children[1].name == "R";
  static constexpr std::string_view counts = "nmkN";
  const auto names = free_symbols(condition);
  return names.size() == 1 && names.begin()->size() == 1 &&
         counts.find((*names.begin())[0]) != std::string_view::npos;
}

// What comparing the reference without its conditions came to, where the answer states none.
Comparison without_conditions(const Qualified& gold, Comparison result) {
  const bool silent =
      std::all_of(gold.conditions.begin(), gold.conditions.end(), goes_without_saying);
  if (result.same != Same::yes || silent) return result;
  return {Same::unknown, "the reference states a condition that the answer leaves out"};
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
  if (const auto parts = qualified(some)) {
    Comparison result = in_roles(parts->answers, other);
    return some_is_gold ? without_conditions(*parts, std::move(result)) : result;
  }
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

// Answers with what they say of their letters, on one side or on both.
std::optional<Comparison> Comparer::under_conditions(const Node& gold, const Node& answer) {
  const auto a = qualified(gold);
  auto b = qualified(answer);
  if (!a && !b) return std::nullopt;
  if (!a) return compare(gold, b->answers);
  if (!b) return without_conditions(*a, compare(a->answers, answer));
  const auto letter = [](const Qualified& parts) {
    const auto names =
        parts.conditions.size() == 1 ? free_symbols(parts.conditions[0]) : std::set<std::string>();
    return names.size() == 1 ? *names.begin() : std::string();
  };
  const std::string mine = letter(*a);
  const std::string theirs = letter(*b);
  if (!mine.empty() && !theirs.empty() && mine != theirs) {
    const Node name = make_symbol(mine);
    b->answers = substituted(b->answers, theirs, name, budget_);
    b->conditions[0] = substituted(b->conditions[0], theirs, name, budget_);
  }
  Comparison answers = compare(a->answers, b->answers);
  if (answers.same != Same::yes) return answers;
  Comparison conditions = in_any_order(a->conditions, b->conditions);
  if (conditions.same == Same::no) return no("other conditions: " + conditions.how);
  return conditions.same == Same::yes ? answers : conditions;
}

Comparison Comparer::lists(const Node& gold, const Node& answer) {
  if (const auto same = under_conditions(gold, answer)) return *same;
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
