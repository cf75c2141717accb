#include <algorithm>
#include <cmath>
#include <utility>

#include "suites/math/equivalence_compare.h"
#include "suites/math/equivalence_constants.h"
#include "suites/math/expression/clean.h"
#include "suites/math/expression/said.h"
#include "suites/math/expression/units.h"

namespace assay::math {

Measure peel(const Node& node) {
  Measure measure{.value = node};
  bool negative = false;
  for (int i = 0; i < 6; ++i) {
    if (measure.value.kind == Kind::negate) {
      negative = !negative;
    } else if (measure.value.kind == Kind::quantity && !measure.measured) {
      measure.dimension = measure.value.name;
      measure.size = measure.value.number;
      measure.measured = !measure.dimension.empty();
      measure.sides = measure.value.operators;
    } else if (measure.value.kind == Kind::call && measure.value.name == "percent") {
      measure.percent = true;
    } else if (measure.value.kind == Kind::call && measure.value.name == "degree") {
      measure.degree = true;
    } else {
      break;
    }
    Node inner = std::move(measure.value.children[0]);
    measure.value = std::move(inner);
  }
  if (negative) measure.value = make_node(Kind::negate, {std::move(measure.value)});
  return measure;
}

namespace {

bool is_decimal(const Node& node) {
  const Node& bare = node.kind == Kind::negate ? node.children[0] : node;
  return bare.kind == Kind::number && bare.decimal;
}

bool is_integer(const Node& node) {
  const Node& bare = node.kind == Kind::negate ? node.children[0] : node;
  return bare.kind == Kind::number && denominator(bare.number) == 1;
}

Node scaled(const Node& node, const Rational& factor) {
  if (factor == 1) return node;
  return make_node(Kind::multiply, {node, make_number(factor)});
}

// What is counted left out: "?beats*time^-1" is time^-1.
std::string known_part(std::string_view dimension) {
  std::string known;
  while (!dimension.empty()) {
    const auto end = std::min(dimension.find('*'), dimension.size());
    const std::string_view factor = dimension.substr(0, end);
    if (!factor.starts_with('?')) (known += known.empty() ? "" : "*") += factor;
    dimension.remove_prefix(std::min(end + 1, dimension.size()));
  }
  return known;
}

bool is_vague(std::string_view dimension) {
  return dimension.find('?') != std::string_view::npos;
}

// Whether two dimensions cannot be those of one quantity. Where something is counted, a rate says
// as much as the word for it: "60 beats/min" and "60 bpm".
bool differ(const std::string& a, const std::string& b, bool optional) {
  if (a == b) return false;
  if (!optional || !(is_vague(a) || is_vague(b))) return true;
  const std::string x = known_part(a);
  const std::string y = known_part(b);
  return x != y && (!(is_vague(a) && is_vague(b)) || !(x.empty() || y.empty()));
}

// 3245/5 and 649: no trivial step; 6/2 and 3: one.
bool needs_long_division(const Node& a, const Node& b) {
  const Node& quotient = a.kind == Kind::divide ? a : b;
  const Node& other = a.kind == Kind::divide ? b : a;
  if (quotient.kind != Kind::divide || !is_integer(other)) return false;
  return is_integer(quotient.children[0]) && is_integer(quotient.children[1]) &&
         quotient.children[0].number > 100;
}

bool has_degrees(const Node& node) {
  return contains(node, [](const Node& n) { return n.kind == Kind::call && n.name == "degree"; });
}

// The tree with degree signs dropped, but for those that an angle's function needs.
Node without_degrees(Node node) {
  if (node.kind == Kind::call && node.name == "degree") {
    Node inner = std::move(node.children[0]);
    return without_degrees(std::move(inner));
  }
  if (node.kind == Kind::call) return node;
  for (Node& child : node.children) child = without_degrees(std::move(child));
  return node;
}

// "5 C" beside coulombs.
void take_meaning(Measure& one, const Measure& other) {
  if (one.dimension == other.dimension) return;
  const auto meant = meant_beside({one.dimension, one.size}, {other.dimension, other.size});
  if (!meant) return;
  one.dimension = meant->dimension;
  one.size = meant->size;
}

}  // namespace

double Comparer::tolerance() const {
  const auto& allowed = policy_.tolerance;
  if (allowed.empty()) return -1;
  return allowed.size() == 1 ? allowed[0] : allowed[std::min(position_, allowed.size() - 1)];
}

namespace {

// 0.5 M: molar, or a million. Beside anything but another M nobody can tell which.
bool is_mega_or_molar(const Node& node) {
  return node.kind == Kind::multiply && node.children.size() == 2 &&
         node.children[0].kind == Kind::number && node.children[1].kind == Kind::symbol &&
         node.children[1].name == "M";
}

}  // namespace

Comparison Comparer::scalars(const Node& gold, const Node& answer) {
  if (is_mega_or_molar(gold) != is_mega_or_molar(answer)) {
    const Node& marked = is_mega_or_molar(gold) ? gold : answer;
    const Node& other = &marked == &gold ? answer : gold;
    const Node& count = marked.children[0];
    const Measure measure = peel(other);
    for (const Node& value : {count, scaled(count, Rational(1'000'000))}) {
      if (numbers(value, measure.value).same != Same::no)
        return {Same::unknown, "M may be molar or a million"};
    }
  }
  Measure a = peel(gold);
  Measure b = peel(answer);
  if (policy_.units != Units::dropped && sides_contradict(a.sides, b.sides))
    return no("the words behind the numbers differ");
  if (a.measured && b.measured && policy_.units != Units::dropped) {
    take_meaning(a, b);
    take_meaning(b, a);
    if (differ(a.dimension, b.dimension, policy_.units == Units::optional))
      return {Same::no, "different units"};
    if (known_part(a.dimension) != known_part(b.dimension)) a.size = b.size = 1;
  }
  if (a.measured != b.measured) {
    if (policy_.units == Units::required && !(a.measured ? a : b).dimension.empty())
      return {Same::no, "a unit on one side only"};
    a.size = b.size = 1;
  }
  if (policy_.units == Units::dropped) a.size = b.size = 1;
  if (a.size != b.size) {
    // The common factor: 500 cm and 5 m.
    a.value = scaled(a.value, a.size);
    b.value = scaled(b.value, b.size);
  }
  if (policy_.degrees == Degrees::dropped) {
    a.value = without_degrees(std::move(a.value));
    b.value = without_degrees(std::move(b.value));
  }
  const Rational hundredth(1, 100);
  const auto in_radians = [](const Node& node) { return make_call("degree", {node}); };
  if (a.percent == b.percent && a.degree == b.degree) {
    Comparison plain = numbers(a.value, b.value);
    const bool degrees = has_degrees(a.value) || has_degrees(b.value);
    if (plain.same == Same::no && policy_.degrees == Degrees::either && degrees) {
      // 180 deg - 60 deg and 120.
      Comparison bare = numbers(without_degrees(a.value), without_degrees(b.value));
      if (bare.same == Same::yes) return bare;
    }
    return plain;
  }
  Comparison result{Same::no, "a percentage here, none there"};
  if (a.percent != b.percent) {
    if (policy_.percent != Percent::dropped) {
      result = numbers(a.percent ? scaled(a.value, hundredth) : a.value,
                       b.percent ? scaled(b.value, hundredth) : b.value);
    }
    if (policy_.percent != Percent::fraction && result.same != Same::yes)
      result = numbers(a.value, b.value);
    return result;
  }
  if (policy_.degrees != Degrees::dropped) {
    result =
        numbers(a.degree ? in_radians(a.value) : a.value, b.degree ? in_radians(b.value) : b.value);
  }
  // 90 deg is 90, but not 90 rad.
  const bool has_unit =
      (a.measured && !is_vague(a.dimension)) || (b.measured && !is_vague(b.dimension));
  if (policy_.degrees != Degrees::radians && result.same != Same::yes && !has_unit)
    result = numbers(a.value, b.value);
  return result;
}

namespace {

bool has_bare_logarithm(const Node& node) {
  return contains(node, [](const Node& n) {
    return n.kind == Kind::call && n.name == "log" && n.children.size() == 1;
  });
}

Node with_natural_logarithms(const Node& node) {
  Node copy = with_children(node, with_natural_logarithms);
  if (copy.kind == Kind::call && copy.name == "log" && copy.children.size() == 1) copy.name = "ln";
  return copy;
}

bool is_endless_sum(const Node& n) {
  return n.kind == Kind::call && (n.name == "sum" || n.name == "prod") && n.children.size() == 4 &&
         n.children[2].kind == Kind::infinity && n.children[1].kind == Kind::number;
}

// The tree with every endless sum cut behind so many terms.
Node with_sums_cut(const Node& node, int terms) {
  Node copy = with_children(node, [&](const Node& child) { return with_sums_cut(child, terms); });
  if (is_endless_sum(copy))
    copy.children[2] = make_number(copy.children[1].number + Rational(terms - 1));
  return copy;
}

// Sums without end, which mostly cannot be computed: equal where the first of their terms are, and
// the first three together.
Comparison compare_terms(const Node& gold, const Node& answer, Budget& budget) {
  if (!contains(gold, is_endless_sum) || !contains(answer, is_endless_sum)) return {};
  for (const int terms : {1, 3}) {
    if (!budget.spend(node_written_ns * (count_nodes(gold) + count_nodes(answer)))) return {};
    const Comparison some =
        compare_values(with_sums_cut(gold, terms), with_sums_cut(answer, terms), budget);
    if (some.same != Same::yes) return {};
  }
  return {Same::yes, "sums of the same terms"};
}

bool has_dots(const Node& node) {
  return contains(node, [](const Node& n) { return n.kind == Kind::symbol && n.name == "ldots"; });
}

}  // namespace

Comparison Comparer::within_tolerance(const Node& gold, const Node& answer) {
  const double allowed = tolerance();
  const bool decimal = is_decimal(gold) || is_decimal(answer);
  const bool rounds = policy_.decimal_places >= 0 && decimal;
  if (allowed < 0 && !rounds && policy_.relative_tolerance == 0) return {};
  const auto a = approximate(gold, budget_);
  const auto b = approximate(answer, budget_);
  if (!a || !b) return {};
  const double gap = std::fabs(*a - *b);
  // A hair more than the tolerance, for decimal fractions that binary ones cannot hold.
  if (allowed >= 0 && gap <= allowed * (1 + 1e-9) + 1e-300)
    return {Same::yes, "within the tolerance"};
  if (policy_.relative_tolerance > 0 && gap <= policy_.relative_tolerance * std::fabs(*a))
    return {Same::yes, "within the tolerance"};
  if (!rounds) return {};
  const double unit = std::pow(10.0, policy_.decimal_places);
  if (std::fabs(*a) * unit > 1e15 || std::fabs(*b) * unit > 1e15) return {};
  if (std::nearbyint(*a * unit) == std::nearbyint(*b * unit))
    return {Same::yes, "equal after rounding"};
  return {Same::no, "different after rounding"};
}

Comparison Comparer::numbers(const Node& gold, const Node& answer) {
  const auto is_infinity = [](const Node& n) {
    return n.kind == Kind::infinity ||
           (n.kind == Kind::negate && n.children[0].kind == Kind::infinity);
  };
  if (is_infinity(gold) || is_infinity(answer)) {
    return render(gold) == render(answer) ? Comparison{Same::yes, "both infinite"}
                                          : Comparison{Same::no, "infinity on one side only"};
  }
  const auto is_residue = [](const Node& n) { return n.kind == Kind::call && n.name == "pmod"; };
  if (is_residue(gold) != is_residue(answer)) {
    // 5 and 5 (mod 7), where the remainder is asked for.
    const Node& residue = is_residue(gold) ? gold : answer;
    const Node& other = is_residue(gold) ? answer : gold;
    return compare_values(residue.children[0], other, budget_);
  }
  const Node& gold_bare = gold.kind == Kind::negate ? gold.children[0] : gold;
  const Node& answer_bare = answer.kind == Kind::negate ? answer.children[0] : answer;
  const bool written = gold_bare.kind == Kind::number && answer_bare.kind == Kind::number;
  if (written && gold_bare.rows != answer_bare.rows) {
    if (policy_.base_optional) {
      // The digits alone: 2516_8 and 2516 (read in the base that only one side names).
      const bool first = gold_bare.rows > 0;
      const Node& based = first ? gold_bare : answer_bare;
      const Node& plain = first ? answer_bare : gold_bare;
      if (plain.rows == 0 && denominator(plain.number) == 1) {
        const auto read =
            parse_based(Integer(abs(Integer(numerator(plain.number)))).str(), based.rows);
        if (read && *read == based.number)
          return {Same::yes, "the same digits, one side names the base"};
      }
    }
  }
  if (!policy_.unreduced_fractions && needs_long_division(gold, answer))
    return {Same::no, "not simplified"};
  // Two plain numbers, of which long lists are made, without the ceremony of formulas.
  if (written && tolerance() < 0 && policy_.decimal_places < 0 && policy_.relative_tolerance == 0) {
    const bool same = gold.kind == answer.kind ? gold_bare.number == answer_bare.number
                                               : gold_bare.number == -answer_bare.number;
    return same ? Comparison{Same::yes, "exactly the same value"}
                : Comparison{Same::no, "the values differ"};
  }
  if (Comparison rounded = within_tolerance(gold, answer); rounded.same != Same::unknown)
    return rounded;
  if (Comparison terms = compare_terms(gold, answer, budget_); terms.same == Same::yes)
    return terms;
  Comparison result = compare_values(gold, answer, budget_);
  if (result.same == Same::unknown && render(gold) == render(answer))
    return {Same::yes, "written alike"};
  if (result.same == Same::no && (has_dots(gold) || has_dots(answer)))
    return {Same::unknown, "dots stand for what is left out"};
  if (result.same == Same::no) {
    const auto solutions = same_solutions(gold, answer, budget_);
    if (solutions && solutions->same == Same::yes) return *solutions;
    if (const auto renamed = with_same_constant(gold, answer, budget_)) {
      const Comparison same = compare_values(gold, *renamed, budget_);
      if (same.same == Same::yes) return {Same::yes, "equal but for the name of a constant"};
    }
    if (policy_.log_may_be_natural && has_bare_logarithm(gold) != has_bare_logarithm(answer)) {
      const Comparison natural =
          compare_values(with_natural_logarithms(gold), with_natural_logarithms(answer), budget_);
      if (natural.same == Same::yes) return {Same::yes, "equal with log as the natural logarithm"};
    }
  }
  if (result.same != Same::no || policy_.case_sensitive) return result;
  // A single letter may be a choice that was written small.
  const bool letters = gold.kind == Kind::symbol && answer.kind == Kind::symbol &&
                       gold.name.size() == 1 && answer.name.size() == 1;
  if (letters && gold.name[0] >= 'A' && gold.name[0] <= 'F' && lower(gold.name) == answer.name)
    return {Same::yes, "the same letter"};
  return result;
}

}  // namespace assay::math
