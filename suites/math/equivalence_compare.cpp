#include "suites/math/equivalence_compare.h"

#include <algorithm>
#include <array>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "suites/math/equivalence_families.h"
#include "suites/math/equivalence_sets.h"
#include "suites/math/expression/clean.h"

namespace assay::math {
namespace {

constexpr int depth_max = 12;
constexpr std::size_t members_max = 48;

Comparison yes(std::string how) {
  return {Same::yes, std::move(how)};
}
Comparison no(std::string how) {
  return {Same::no, std::move(how)};
}

bool is_vector(const Node& node) {
  return node.kind == Kind::matrix &&
         (node.rows == 1 || node.rows == static_cast<int>(node.children.size()));
}

bool is_tuple_like(const Node& node) {
  return node.kind == Kind::tuple || is_vector(node) ||
         (node.kind == Kind::interval && node.closed_left && node.closed_right);
}

bool is_set_like(const Node& node) {
  return node.kind == Kind::interval || node.kind == Kind::set_operation ||
         node.kind == Kind::named_set || node.kind == Kind::builder || node.kind == Kind::set;
}

bool is_formula(const Node& node) {
  switch (node.kind) {
    case Kind::number:
    case Kind::symbol:
    case Kind::constant:
    case Kind::infinity:
    case Kind::add:
    case Kind::multiply:
    case Kind::divide:
    case Kind::negate:
    case Kind::power:
    case Kind::call:
    case Kind::quantity:
      return true;
    default:
      return false;
  }
}

// "E" and the product E*v*e*n: what letters spell.
std::string letters_of(const Node& node) {
  if (node.kind == Kind::symbol || node.kind == Kind::constant || node.kind == Kind::text)
    return node.name;
  if (node.kind == Kind::choice && node.children.empty()) return node.name;
  if (node.kind != Kind::multiply) return {};
  std::string letters;
  for (const Node& child : node.children) {
    const std::string one = letters_of(child);
    if (one.empty()) return {};
    letters += one;
  }
  return letters;
}

// "The series diverges" says "diverges"; "odd function" says "odd". Empty where nothing is left.
std::string telling_words(std::string_view text) {
  static constexpr std::array<std::string_view, 36> pointing = {
      "the",      "a",        "an",        "it",       "is",     "this",  "that",   "answer",
      "function", "series",   "sequence",  "integral", "limit",  "graph", "number", "shape",
      "figure",   "value",    "curve",     "equation", "we",     "have",  "are",    "they",
      "so",       "be",       "statement", "claim",    "matrix", "of",    "type",   "system",
      "both",     "solution", "solutions", "triangle"};
  std::string rest;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find(' ', from), text.size());
    const std::string word = lower(text.substr(from, to - from));
    from = to + 1;
    if (word.empty() || std::find(pointing.begin(), pointing.end(), word) != pointing.end())
      continue;
    if (!rest.empty()) rest += ' ';
    rest += word;
  }
  return rest;
}

// "The set is linearly independent" says "linearly independent"; 充分条件 says 充分.
std::string_view behind_is(std::string_view text) {
  for (const std::string_view verb : {" is ", " are "}) {
    const auto at = text.rfind(verb);
    if (at != std::string_view::npos) text = text.substr(at + verb.size());
  }
  for (const std::string_view noun : {"条件", "函数", "三角形"}) {
    if (text.ends_with(noun) && text.size() > noun.size())
      text = text.substr(0, text.size() - noun.size());
  }
  return text;
}

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

bool is_declaration(const Node& node) {
  return node.kind == Kind::relation && node.operators == "I" &&
         node.children[0].kind == Kind::symbol && node.children[1].kind == Kind::named_set &&
         (node.children[1].name[0] == 'Z' || node.children[1].name[0] == 'N');
}

// "2n - 1, n in N" without what it says of its letter; a single member is itself.
Node without_declarations(const Node& list) {
  Node rest = list;
  if (list.kind == Kind::list) std::erase_if(rest.children, is_declaration);
  return rest.children.empty() ? list : rest;
}

Node renamed(const Node& node, const std::string& from, const std::string& to) {
  Node copy = node;
  if (node.kind == Kind::symbol && node.name == from) copy.name = to;
  for (Node& child : copy.children) child = renamed(child, from, to);
  return copy;
}

// Both without their declarations, the letter of the answer called as in the reference.
std::optional<std::pair<Node, Node>> without_declarations(const Node& gold, const Node& answer) {
  const auto a = std::find_if(gold.children.begin(), gold.children.end(), is_declaration);
  const auto b = std::find_if(answer.children.begin(), answer.children.end(), is_declaration);
  if (a == gold.children.end() || b == answer.children.end()) return std::nullopt;
  if (gold.children.size() < 2 || answer.children.size() < 2) return std::nullopt;
  Node first = without_declarations(gold);
  Node second = renamed(without_declarations(answer), b->children[0].name, a->children[0].name);
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

bool is_half_a_day(const Rational& a, const Rational& b) {
  return a == b + 12 || b == a + 12;
}

bool is_inequality(const Node& node) {
  return node.kind == Kind::relation && node.operators.find_first_of("<>LGN") != std::string::npos;
}

}  // namespace

Comparison Comparer::compare(const Node& gold, const Node& answer) {
  // The rules below copy their trees and look through them, at the top above all.
  const std::int64_t nodes = count_nodes(gold) + count_nodes(answer);
  if (++depth_ > depth_max || !budget_.spend(300 + nodes * (depth_ == 1 ? 300 : 100))) {
    --depth_;
    return {Same::unknown, "too costly to compare"};
  }
  Comparison result;
  const auto several_members = [](const Node& n) {
    return n.kind == Kind::list || n.kind == Kind::set;
  };
  const auto worded = [](const Node& n) { return n.kind == Kind::text || n.kind == Kind::date; };
  std::optional<Comparison> families;
  if (depth_ == 1) families = compare_families(gold, answer, budget_);
  if (families && families->same == Same::yes) {
    result = *families;
  } else if (gold.kind == Kind::choice || answer.kind == Kind::choice) {
    result = choices(gold, answer);
  } else if (several_members(gold) || several_members(answer)) {
    result = several(gold, answer);
  } else if (worded(gold) || worded(answer)) {
    result = texts(gold, answer);
  } else if (gold.kind == Kind::relation && answer.kind == Kind::relation) {
    result = relations(gold, answer);
  } else if (gold.kind == Kind::relation || answer.kind == Kind::relation) {
    const bool first = gold.kind == Kind::relation;
    result = relation_against(first ? gold : answer, first ? answer : gold, first);
  } else if (gold.kind == Kind::ratio || answer.kind == Kind::ratio) {
    result = ratios(gold, answer);
  } else if (is_formula(gold) && is_formula(answer)) {
    result = scalars(gold, answer);
  } else {
    result = structure(gold, answer);
  }
  --depth_;
  return result;
}

// Lists, sets, and what is compared with one.
Comparison Comparer::several(const Node& gold, const Node& answer) {
  const bool both_sets = gold.kind == Kind::set && answer.kind == Kind::set;
  if (both_sets) return in_any_order(gold.children, answer.children);
  const bool lists = gold.kind == Kind::list && answer.kind == Kind::list;
  if (lists) {
    if (const auto pair = without_declarations(gold, answer))
      return compare(pair->first, pair->second);
    const bool inequalities_only =
        std::all_of(gold.children.begin(), gold.children.end(), is_inequality) ||
        std::all_of(answer.children.begin(), answer.children.end(), is_inequality);
    if (inequalities_only) {
      Comparison as_sets = sets(gold, answer);
      if (as_sets.same != Same::unknown) return as_sets;
    }
    if (gold.name == "parts" && answer.name == "parts") return parts(gold, answer);
    return policy_.lists == Order::free ? in_any_order(gold.children, answer.children)
                                        : in_order(gold.children, answer.children);
  }
  const Node& some = gold.kind == Kind::list || gold.kind == Kind::set ? gold : answer;
  const Node& other = &some == &gold ? answer : gold;
  const Node plain = without_declarations(some);
  if (plain.children.size() < some.children.size()) {
    const Node& kept = plain.children.size() == 1 ? plain.children[0] : plain;
    return &some == &gold ? compare(kept, answer) : compare(gold, kept);
  }
  const std::string letters = chosen_letters(some);
  if (!letters.empty() && letters == chosen_letters(other)) return yes("the same choices");
  if (other.kind == Kind::quantity || other.kind == Kind::number) {
    if (const auto whole = sum_of_parts(some))
      return &some == &gold ? compare(*whole, answer) : compare(gold, *whole);
  }
  const bool other_several = other.kind == Kind::list || other.kind == Kind::set;
  if (other_several) {
    if (!policy_.braces_optional) return no("a set here, a list there");
    return members(gold, answer);
  }
  if (some.children.size() == 1 && other.kind != Kind::tuple) {
    const Node& only = some.children.front();
    if (only.kind == Kind::named_set && some.kind == Kind::set && other.kind == Kind::named_set)
      return no("a set of a set here, the set itself there");
    return &some == &gold ? compare(only, answer) : compare(gold, only);
  }
  const bool inequalities_only =
      some.kind == Kind::list &&
      std::all_of(some.children.begin(), some.children.end(), is_inequality);
  if (inequalities_only && (is_inequality(other) || (policy_.relations != Relations::strict)))
    return sets(gold, answer);
  if (other.kind == Kind::tuple) {
    // x = 1, y = 2 against (1, 2): the names say which is which.
    std::set<std::string> names;
    for (const Node& child : some.children) names.insert(assigned_name(child));
    const bool named =
        some.kind == Kind::list && names.size() == some.children.size() && !names.contains("");
    if (some.kind == Kind::list && (named || policy_.parentheses_optional)) {
      return &some == &gold ? in_order(some.children, other.children)
                            : in_order(other.children, some.children);
    }
    return no("several answers here, one tuple there");
  }
  if (other.kind == Kind::relation) {
    const Node& left = other.children[0];
    const Node& right = other.children[1];
    const bool pointwise = other.operators == "=" && left.kind == Kind::tuple &&
                           right.kind == Kind::tuple &&
                           left.children.size() == right.children.size();
    if (pointwise) {
      // (a, b) = (1, 2) is a = 1, b = 2.
      Node list = make_node(Kind::list, {});
      for (std::size_t i = 0; i < left.children.size(); ++i) {
        list.children.push_back(make_node(Kind::relation, {left.children[i], right.children[i]}));
        list.children.back().operators = "=";
      }
      return &some == &gold ? compare(gold, list) : compare(list, answer);
    }
    // A set against x in {1, 2}; x = 1, 2 against an equation.
    if (other.operators == "I")
      return &some == &gold ? compare(gold, other.children[1]) : compare(other.children[1], answer);
    if (other.operators == "=" && !assigned_name(other).empty() && is_set_like(other.children[1]) &&
        policy_.assignment_optional) {
      return &some == &gold ? compare(gold, other.children[1]) : compare(other.children[1], answer);
    }
    if (other.operators == "=") return equations(gold, answer);
    return sets(gold, answer);
  }
  const bool bracketed_list = &some == &gold && some.kind == Kind::list &&
                              other.kind == Kind::interval && other.closed_left &&
                              other.closed_right && some.children.size() == 2;
  // A reference of two numbers against [1, 2]: a list in brackets.
  if (bracketed_list && std::all_of(some.children.begin(), some.children.end(), is_formula))
    return in_any_order(gold.children, answer.children);
  if (is_set_like(other)) return sets(gold, answer);
  // "3/4 or 0.75" says one thing twice, and so does "x = y = 3" of its value.
  const auto said = [](const Node& n) -> const Node& {
    return assigned_name(n).empty() ? n : n.children[1];
  };
  for (std::size_t i = 1; i < some.children.size(); ++i) {
    if (compare(said(some.children[0]), said(some.children[i])).same != Same::yes)
      return no("several answers here, one there");
  }
  if (some.children.empty()) return no("no answer here, one there");
  return &some == &gold ? compare(some.children[0], answer) : compare(gold, some.children[0]);
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

Comparison Comparer::members(const Node& gold, const Node& answer) {
  return in_any_order(gold.children, answer.children);
}

Comparison Comparer::in_order(const std::vector<Node>& gold, const std::vector<Node>& answer) {
  if (gold.size() != answer.size()) return no("different numbers of members");
  Comparison overall = yes("equal member by member");
  for (std::size_t i = 0; i < gold.size(); ++i) {
    if (depth_ <= 2) position_ = i;
    Comparison one = compare(gold[i], answer[i]);
    if (one.same == Same::no) return no("member " + std::to_string(i + 1) + " differs: " + one.how);
    if (one.same == Same::unknown) overall = one;
  }
  return overall;
}

Comparison Comparer::in_any_order(const std::vector<Node>& gold, const std::vector<Node>& answer) {
  if (gold.size() > members_max || answer.size() > members_max) {
    if (gold.size() != answer.size()) return no("different numbers of members");
    return in_order(gold, answer);
  }
  std::vector<bool> used(answer.size(), false);
  bool unknown = false;
  for (std::size_t i = 0; i < gold.size(); ++i) {
    bool found = false;
    bool doubtful = false;
    for (std::size_t k = 0; k < answer.size() && !found; ++k) {
      // The same place is tried first.
      const std::size_t at = (i + k) % answer.size();
      if (used[at]) continue;
      if (depth_ <= 2) position_ = i;
      Comparison one = compare(gold[i], answer[at]);
      found = one.same == Same::yes;
      doubtful = doubtful || one.same == Same::unknown;
      if (found) used[at] = true;
    }
    if (found) continue;
    // A member written twice counts once.
    for (std::size_t k = 0; k < i && !found; ++k)
      found = compare(gold[i], gold[k]).same == Same::yes;
    if (found) continue;
    if (!doubtful) return no("member " + std::to_string(i + 1) + " of the reference is missing");
    unknown = true;
  }
  for (std::size_t k = 0; k < answer.size(); ++k) {
    if (used[k]) continue;
    bool repeated = false;
    for (std::size_t m = 0; m < answer.size() && !repeated; ++m)
      repeated = used[m] && compare(answer[m], answer[k]).same == Same::yes;
    if (!repeated && !unknown) return no("a member too many");
  }
  if (unknown) return {Same::unknown, "a member cannot be compared"};
  return yes("the same members");
}

Comparison Comparer::sets(const Node& gold, const Node& answer) {
  const auto a = real_set_of(gold, budget_);
  const auto b = a ? real_set_of(answer, budget_) : std::nullopt;
  if (a && b) return compare_sets(*a, *b, budget_);
  return {Same::unknown, "not both are sets of numbers with known ends"};
}

// C(5, 2) and P(5, 2) are points, or numbers of choices: against a point the one, against a number
// the other, where that comes out.
std::optional<Comparison> Comparer::points_that_count(const Node& gold, const Node& answer) {
  for (const auto& [one, other] : {std::pair(&gold, &answer), std::pair(&answer, &gold)}) {
    const bool choices = one->kind == Kind::call && one->closed_left && one->name == "binom";
    if (choices && other->kind == Kind::tuple)
      return one == &gold ? in_order(one->children, other->children)
                          : in_order(other->children, one->children);
    const bool arrangements =
        one->kind == Kind::tuple && one->name == "P" && one->children.size() == 2;
    if (arrangements && is_formula(*other)) {
      Comparison same = compare_values(make_call("permutations", one->children), *other, budget_);
      if (same.same == Same::yes) return same;
      return no("a point, or another number of arrangements");
    }
  }
  return std::nullopt;
}

Comparison Comparer::structure(const Node& gold, const Node& answer) {
  const bool tuples = is_tuple_like(gold) && is_tuple_like(answer);
  if (tuples) {
    // A line with the parameter t, and with s.
    static constexpr std::string_view parameters = "tskrmnuv";
    const auto a = free_symbols(gold);
    const auto b = free_symbols(answer);
    const auto parameter = [](const std::set<std::string>& names) {
      return names.size() == 1 && names.begin()->size() == 1 &&
             parameters.find(names.begin()->front()) != std::string_view::npos;
    };
    if (a != b && parameter(a) && parameter(b))
      return compare(gold, renamed(answer, *b.begin(), *a.begin()));
  }
  if (const auto counted = points_that_count(gold, answer)) return *counted;
  if (gold.kind == Kind::tuple && answer.kind == Kind::tuple) {
    const bool same_brackets = gold.open == answer.open || policy_.vector_is_point;
    return same_brackets ? in_order(gold.children, answer.children) : no("different brackets");
  }
  if (gold.kind == Kind::matrix && answer.kind == Kind::matrix) {
    const bool shapes = gold.rows == answer.rows ||
                        (policy_.vector_is_point && is_vector(gold) && is_vector(answer));
    return shapes && gold.children.size() == answer.children.size()
               ? in_order(gold.children, answer.children)
               : no("matrices of different shape");
  }
  if (tuples && (gold.kind == Kind::matrix || answer.kind == Kind::matrix)) {
    return policy_.vector_is_point ? in_order(gold.children, answer.children)
                                   : no("a vector here, a point there");
  }
  if (gold.kind == Kind::cases && answer.kind == Kind::cases) return piecewise(gold, answer);
  const auto as_cases = [](const Node& n) {
    return n.kind == Kind::cases ? n : make_node(Kind::cases, {n, make_text("otherwise")});
  };
  const bool one_piecewise = (gold.kind == Kind::cases && is_formula(answer)) ||
                             (answer.kind == Kind::cases && is_formula(gold));
  if (one_piecewise) return piecewise(as_cases(gold), as_cases(answer));
  if (gold.kind == Kind::interval && answer.kind == Kind::interval) {
    if (gold.closed_left != answer.closed_left || gold.closed_right != answer.closed_right)
      return no("one end is open here and closed there");
    return in_order(gold.children, answer.children);
  }
  if (gold.kind == Kind::named_set && answer.kind == Kind::named_set) {
    return gold.name == answer.name ? yes("the same set") : no("different sets");
  }
  if ((gold.kind == Kind::matrix) != (answer.kind == Kind::matrix)) {
    const bool first = gold.kind != Kind::matrix;
    Comparison parts = first ? components(gold, answer, true) : components(answer, gold, false);
    if (parts.same != Same::unknown) return parts;
  }
  if (policy_.vector_is_point &&
      (is_vector(gold) || is_vector(answer) || is_tuple_like(gold) || is_tuple_like(answer))) {
    const bool first = is_formula(gold) || answer.kind == Kind::matrix;
    Comparison parts = first ? components(gold, answer, true) : components(answer, gold, false);
    if (parts.same != Same::unknown) return parts;
  }
  const bool gold_set = is_set_like(gold) || gold.kind == Kind::tuple;
  const bool answer_set = is_set_like(answer) || answer.kind == Kind::tuple;
  if (gold_set && answer_set) {
    if (gold.kind == Kind::tuple && answer.kind == Kind::interval)
      return no("one end is open here and closed there");
    if (gold.kind == Kind::interval && answer.kind == Kind::tuple)
      return no("one end is open here and closed there");
    Comparison as_sets = sets(gold, answer);
    if (as_sets.same != Same::unknown) return as_sets;
    if (gold.kind == Kind::tuple || answer.kind == Kind::tuple)
      return no("a point here, a set there");
    const bool alike = gold.kind == answer.kind && gold.name == answer.name;
    if (alike && gold.kind == Kind::builder) {
      Comparison parts = builders(gold, answer);
      if (parts.same == Same::yes) return parts;
      return as_sets;
    }
    if (alike && gold.name == "difference") return in_order(gold.children, answer.children);
    if (alike) {
      Comparison parts = in_any_order(gold.children, answer.children);
      if (parts.same == Same::yes) return parts;
    }
    return as_sets;
  }
  return no("a " + std::string(name_of(gold.kind)) + " here, a " +
            std::string(name_of(answer.kind)) + " there");
}

Comparison Comparer::ratios(const Node& gold, const Node& answer) {
  if (gold.kind != answer.kind) {
    const Node& ratio = gold.kind == Kind::ratio ? gold : answer;
    const Node& other = gold.kind == Kind::ratio ? answer : gold;
    if (!is_formula(other) || ratio.children.size() != 2 || ratio.closed_left)
      return no("a ratio here, none there");
    return compare_values(make_node(Kind::divide, ratio.children), other, budget_);
  }
  const auto& a = gold.children;
  const auto& b = answer.children;
  if (a.size() != b.size()) return no("ratios of different length");
  if (gold.closed_left || answer.closed_left) {
    Comparison same = in_order(a, b);
    // 3:30 may be half past three in the afternoon where the other side says so.
    const bool one_says = gold.closed_left != answer.closed_left;
    if (same.same == Same::no && one_says && a.size() == 2 && a[0].kind == Kind::number &&
        b[0].kind == Kind::number && is_half_a_day(a[0].number, b[0].number)) {
      same = compare(a[1], b[1]);
    }
    return same;
  }
  for (std::size_t i = 1; i < a.size(); ++i) {
    Comparison one = compare_values(make_node(Kind::multiply, {a[i], b[0]}),
                                    make_node(Kind::multiply, {b[i], a[0]}), budget_);
    if (one.same != Same::yes) return one.same == Same::no ? no("different proportions") : one;
  }
  return yes("the same proportions");
}

Comparison Comparer::texts(const Node& gold, const Node& answer) {
  const auto empty = [](const Node& n) {
    return (n.kind == Kind::named_set && n.name == "empty") ||
           (n.kind == Kind::text && lower(n.name) == "no real solutions");
  };
  if (empty(gold) && empty(answer)) return yes("no solution on either side");
  if (gold.kind == Kind::date || answer.kind == Kind::date) {
    return gold.kind == answer.kind && gold.name == answer.name ? yes("the same date")
                                                                : no("different dates");
  }
  const std::string a = letters_of(gold);
  const std::string b = letters_of(answer);
  if (a.empty() || b.empty()) {
    if (empty(gold) || empty(answer)) return no("no solution here, a text there");
    return no("a text here, a " +
              std::string(name_of(gold.kind == Kind::text ? answer.kind : gold.kind)) + " there");
  }
  const bool same = policy_.case_sensitive ? a == b : lower(a) == lower(b);
  if (same) return yes("the same text");
  const std::string bare = telling_words(behind_is(a));
  const bool telling =
      !policy_.case_sensitive && !bare.empty() && bare == telling_words(behind_is(b));
  return telling ? yes("the same words but for what only points at the thing")
                 : no("different texts");
}

Comparison Comparer::choices(const Node& gold, const Node& answer) {
  const auto letter = [](const Node& n) {
    const std::string letters = letters_of(n);
    if (n.kind == Kind::choice) return n.name;
    return letters.size() == 1
               ? std::string(1, static_cast<char>(letters[0] >= 'a' && letters[0] <= 'z'
                                                      ? letters[0] - 'a' + 'A'
                                                      : letters[0]))
               : std::string();
  };
  const std::string a = letter(gold);
  const std::string b = letter(answer);
  if (!a.empty() && !b.empty()) return a == b ? yes("the same choice") : no("different choices");
  const Node& choice = gold.kind == Kind::choice ? gold : answer;
  const Node& other = gold.kind == Kind::choice ? answer : gold;
  if (choice.children.empty() || !policy_.choice_by_content)
    return no("a choice here, no choice there");
  return &choice == &gold ? compare(choice.children[0], other) : compare(other, choice.children[0]);
}

}  // namespace assay::math
