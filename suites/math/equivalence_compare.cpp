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

bool is_half_a_day(const Rational& a, const Rational& b) {
  return a == b + 12 || b == a + 12;
}

}  // namespace

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

namespace {

// A union or an intersection.
bool joins_sets(const Node& node) {
  return node.kind == Kind::set_operation && node.name != "difference";
}

// The terms, factors or sets, those of products within products too.
void collect_parts(const Node& node, bool factors, std::vector<std::string>& parts) {
  for (const Node& child : node.children) {
    const bool joined = child.kind == node.kind && (node.kind == Kind::multiply ||
                                                    (joins_sets(node) && child.name == node.name));
    if (joined) {
      collect_parts(child, factors, parts);
    } else {
      parts.push_back(text_in_any_order(child, factors));
    }
  }
}

}  // namespace

std::string text_in_any_order(const Node& node, bool factors) {
  std::vector<std::string> parts;
  collect_parts(node, factors, parts);
  if (node.kind == Kind::add || (factors && node.kind == Kind::multiply) || joins_sets(node))
    std::sort(parts.begin(), parts.end());
  const bool numbered = node.kind == Kind::number || node.kind == Kind::quantity;
  const bool is_letter = node.kind == Kind::symbol;
  std::string text = std::to_string(static_cast<int>(node.kind)) + ' ' + node.name +
                     node.operators + (node.closed_left && !is_letter ? "[" : "") +
                     (node.closed_right ? "]" : "") + (numbered ? node.number.str() : "") +
                     (node.kind == Kind::matrix ? std::to_string(node.rows) : "") + node.open;
  for (const std::string& part : parts) (text += part) += ',';
  text += node.close;
  return text;
}

namespace {

// Formulas of letters, and unions, that differ in the order of their parts alone: known without
// any computing.
bool differ_in_order_only(const Node& gold, const Node& answer) {
  const bool sets = joins_sets(gold);
  const bool known =
      gold.kind == answer.kind && (gold.kind == Kind::relation || sets || is_formula(gold));
  const bool matrices =
      known && contains(gold, [](const Node& n) { return n.kind == Kind::matrix; });
  return known && !matrices && gold.operators == answer.operators &&
         (sets || !free_symbols(gold).empty()) &&
         text_in_any_order(gold, true) == text_in_any_order(answer, true);
}

bool is_capital(const Node& n) {
  return n.kind == Kind::symbol && n.name.size() == 1 && n.name[0] >= 'A' && n.name[0] <= 'Z';
}

// P^{-1}AP, A^T A: capitals of which products are taken, and one inverse or transpose.
bool may_hold_matrices(const Node& node) {
  const auto is_turned = [](const Node& n) {
    if (n.kind != Kind::power) return false;
    const Node& up = n.children[1];
    const bool inverse = up.kind == Kind::negate && up.children[0].kind == Kind::number &&
                         up.children[0].number == 1;
    const bool transpose = up.kind == Kind::symbol && (up.name == "T" || up.name == "top");
    return (inverse || transpose) && contains(n.children[0], is_capital);
  };
  const auto is_product = [](const Node& n) {
    return n.kind == Kind::multiply &&
           std::count_if(n.children.begin(), n.children.end(),
                         [](const Node& factor) { return contains(factor, is_capital); }) > 1;
  };
  return contains(node, is_turned) && contains(node, is_product);
}

// A sign that stands between or in front of others and is no factor: A \subset B, \nabla \times F.
bool orders_factors(const Node& node) {
  static constexpr std::array<std::string_view, 23> signs = {
      "\\subset",     "\\subseteq", "\\subsetneq", "\\supset",     "\\supseteq", "nabla",
      "nablatimes",   "nablacdot",  "\\forall",    "\\exists",     "\\to",       "\\mapsto",
      "\\rightarrow", "\\prec",     "\\succ",      "\\ll",         "\\gg",       "\\propto",
      "\\nmid",       "\\neg",      "\\lnot",      "\\Rightarrow", "\\oplus"};
  return contains(node, [](const Node& n) {
    return n.kind == Kind::symbol && std::find(signs.begin(), signs.end(), n.name) != signs.end();
  });
}

}  // namespace

Comparison Comparer::compare(const Node& gold, const Node& answer) {
  // The rules below copy their trees and look through them, those for formulas at the top above
  // all.
  const std::int64_t gold_nodes = count_nodes(gold);
  const std::int64_t nodes = gold_nodes + count_nodes(answer);
  const bool any_several = is_several(gold) || is_several(answer);
  const std::int64_t node_ns = depth_ > 0 ? 200 : any_several ? 300 : 600;
  if (++depth_ > depth_max || !budget_.spend(300 + nodes * node_ns)) {
    --depth_;
    return {Same::unknown, "too costly to compare"};
  }
  Comparison result;
  const auto worded = [](const Node& n) { return n.kind == Kind::text || n.kind == Kind::date; };
  std::optional<Comparison> families;
  if (depth_ == 1) families = compare_families(gold, answer, budget_);
  if (families && families->same == Same::yes) {
    result = *families;
  } else if (const auto runs = compare_runs_of_capitals(gold, answer)) {
    result = *runs;
  } else if (depth_ == 1 && nodes == 2 * gold_nodes && differ_in_order_only(gold, answer)) {
    result = {Same::yes, "the same terms and factors"};
  } else if (gold.kind == Kind::choice || answer.kind == Kind::choice) {
    result = choices(gold, answer);
  } else if (any_several) {
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
  const bool commuted = result.same == Same::yes && depth_ == 0 &&
                        (may_hold_matrices(gold) || may_hold_matrices(answer) ||
                         (orders_factors(gold) && orders_factors(answer))) &&
                        text_in_any_order(gold, false) != text_in_any_order(answer, false);
  if (commuted) return {Same::unknown, "equal only if the order of the factors does not matter"};
  // A way to "yes" may have been cut short.
  const bool cut = result.same == Same::no && budget_.left_ns <= 0;
  return cut ? Comparison{Same::unknown, "too costly to compare"} : result;
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
    if (choices && other->kind == Kind::tuple) {
      if (other->name == "P") return Comparison{Same::unknown, "points of different names"};
      return one == &gold ? in_order(one->children, other->children)
                          : in_order(other->children, one->children);
    }
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

// Two trees of the same kind; nothing where the kinds differ.
std::optional<Comparison> Comparer::same_structure(const Node& gold, const Node& answer) {
  if (gold.kind != answer.kind) return std::nullopt;
  switch (gold.kind) {
    case Kind::tuple: {
      const bool same_brackets = gold.open == answer.open || policy_.vector_is_point;
      const bool named = !gold.name.empty() && !answer.name.empty();
      if (named && gold.name != answer.name)
        return Comparison{Same::unknown, "points of different names"};
      return same_brackets ? in_order(gold.children, answer.children) : no("different brackets");
    }
    case Kind::matrix: {
      const bool shapes = gold.rows == answer.rows ||
                          (policy_.vector_is_point && is_vector(gold) && is_vector(answer));
      return shapes && gold.children.size() == answer.children.size()
                 ? in_order(gold.children, answer.children)
                 : no("matrices of different shape");
    }
    case Kind::cases:
      return piecewise(gold, answer);
    case Kind::interval:
      if (gold.closed_left != answer.closed_left || gold.closed_right != answer.closed_right)
        return no("one end is open here and closed there");
      return in_order(gold.children, answer.children);
    case Kind::named_set:
      return gold.name == answer.name ? yes("the same set") : no("different sets");
    default:
      return std::nullopt;
  }
}

// A vector or a point beside what is written otherwise: by components, where that can be told.
std::optional<Comparison> Comparer::by_components(const Node& gold, const Node& answer) {
  const bool tuples = is_tuple_like(gold) && is_tuple_like(answer);
  if (tuples && (gold.kind == Kind::matrix || answer.kind == Kind::matrix)) {
    return policy_.vector_is_point ? in_order(gold.children, answer.children)
                                   : no("a vector here, a point there");
  }
  const auto as_cases = [](const Node& n) {
    return n.kind == Kind::cases ? n : make_node(Kind::cases, {n, make_text("otherwise")});
  };
  const bool one_piecewise = (gold.kind == Kind::cases && is_formula(answer)) ||
                             (answer.kind == Kind::cases && is_formula(gold));
  if (one_piecewise) return piecewise(as_cases(gold), as_cases(answer));
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
  return std::nullopt;
}

// Both of them sets, or a pair that could be an interval.
Comparison Comparer::set_structure(const Node& gold, const Node& answer) {
  const bool point_and_interval = (gold.kind == Kind::tuple && answer.kind == Kind::interval) ||
                                  (gold.kind == Kind::interval && answer.kind == Kind::tuple);
  if (point_and_interval) return no("one end is open here and closed there");
  Comparison as_sets = sets(gold, answer);
  if (as_sets.same != Same::unknown) return as_sets;
  if (gold.kind == Kind::tuple || answer.kind == Kind::tuple)
    return no("a point here, a set there");
  const bool alike = gold.kind == answer.kind && gold.name == answer.name;
  if (alike && gold.kind == Kind::builder) {
    Comparison parts = builders(gold, answer);
    return parts.same == Same::yes ? parts : as_sets;
  }
  if (alike && gold.name == "difference") return in_order(gold.children, answer.children);
  if (alike) {
    Comparison parts = in_any_order(gold.children, answer.children);
    if (parts.same == Same::yes) return parts;
  }
  return as_sets;
}

Comparison Comparer::structure(const Node& gold, const Node& answer) {
  if (is_tuple_like(gold) && is_tuple_like(answer)) {
    // A line with the parameter t, and with s.
    static constexpr std::string_view parameters = "tskrmnuv";
    const auto a = free_symbols(gold);
    const auto b = free_symbols(answer);
    const auto parameter = [](const std::set<std::string>& names) {
      return names.size() == 1 && names.begin()->size() == 1 &&
             parameters.find(names.begin()->front()) != std::string_view::npos;
    };
    if (a != b && parameter(a) && parameter(b))
      return compare(gold, substituted(answer, *b.begin(), make_symbol(*a.begin()), budget_));
  }
  if (const auto counted = points_that_count(gold, answer)) return *counted;
  if (const auto same = same_structure(gold, answer)) return *same;
  if (const auto parts = by_components(gold, answer)) return *parts;
  const bool gold_set = is_set_like(gold) || gold.kind == Kind::tuple;
  const bool answer_set = is_set_like(answer) || answer.kind == Kind::tuple;
  if (gold_set && answer_set) return set_structure(gold, answer);
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
    // 2:05 is a time, 2:5 a ratio.
    const Node& minutes = gold.closed_left ? b[1] : a[1];
    const bool one_digit = minutes.kind == Kind::number && minutes.number < 10;
    if (one_says && a.size() == 2 && one_digit) return no("a time here, a ratio there");
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
  if (!a.empty() && !b.empty() && a != b) return no("different choices");
  if (!a.empty() && !b.empty()) {
    const bool both = !gold.children.empty() && !answer.children.empty();
    const bool formulas = both && is_formula(gold.children[0]) && is_formula(answer.children[0]);
    if (formulas && compare(gold.children[0], answer.children[0]).same != Same::yes)
      return {Same::unknown, "the same letter, but not surely the same content"};
    return yes("the same choice");
  }
  const Node& choice = gold.kind == Kind::choice ? gold : answer;
  const Node& other = gold.kind == Kind::choice ? answer : gold;
  if (choice.children.empty() || !policy_.choice_by_content)
    return no("a choice here, no choice there");
  return &choice == &gold ? compare(choice.children[0], other) : compare(other, choice.children[0]);
}

}  // namespace assay::math
