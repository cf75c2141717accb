#include "suites/math/equivalence_families.h"

#include <algorithm>
#include <cmath>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "suites/math/equivalence_compare.h"

namespace assay::math {
namespace {

constexpr std::size_t members_max = 8;
constexpr int probes = 12;  // periods looked at on each side of zero

struct Family {
  std::vector<Node> members;
  std::string parameter;                    // empty: none of the members has one
  bool declared = false;                    // the text says that it is an integer
  std::optional<int> least = std::nullopt;  // where it has one: N, Z+
};

// first + step * t for every integer t, or for those from 0 on; a step of 0 is one value.
struct Progression {
  double first = 0;
  double step = 0;
  bool endless = true;  // both ways
};

void declare(Family& family, const Node& node) {
  family.declared = true;
  family.parameter = node.children[0].name;
  const std::string& set = node.children[1].name;
  if (set != "Z") family.least = set == "N" ? 0 : 1;
}

// x = 3 (mod 7): 3 + 7 t.
std::optional<Node> residue_class(const Node& node, const std::string& parameter) {
  if (node.kind != Kind::call || node.name != "pmod" || node.children.size() != 2)
    return std::nullopt;
  return make_node(
      Kind::add,
      {node.children[0], make_node(Kind::multiply, {node.children[1], make_symbol(parameter)})});
}

void add_member(Family& family, const Node& node) {
  const bool value =
      node.kind == Kind::relation && node.operators == "=" && (!assigned_name(node).empty());
  const Node& bare = value ? node.children[1] : node;
  if (bare.kind == Kind::list || bare.kind == Kind::set) {
    for (const Node& child : bare.children) add_member(family, child);
    return;
  }
  if (auto whole = residue_class(bare, "t")) {
    family.declared = true;
    family.parameter = std::string(1, 't');
    family.members.push_back(std::move(*whole));
    return;
  }
  family.members.push_back(bare);
}

void read_conditions(Family& family, const Node& node, std::vector<Node>& rest) {
  if (is_declaration(node)) {
    declare(family, node);
  } else if (node.kind == Kind::list) {
    for (const Node& child : node.children) read_conditions(family, child, rest);
  } else {
    rest.push_back(node);
  }
}

// { 2k + 1 | k in Z } and { x | x = 2k + 1, k in Z }.
std::optional<Family> family_of_builder(const Node& node) {
  Family family;
  std::vector<Node> rest;
  read_conditions(family, node.children[1], rest);
  if (!family.declared) return std::nullopt;
  const Node& before = node.children[0];
  if (rest.empty()) {
    add_member(family, before);
    return family;
  }
  if (before.kind != Kind::symbol) return std::nullopt;
  for (const Node& one : rest) {
    if (assigned_name(one) != before.name) return std::nullopt;
    add_member(family, one);
  }
  return family;
}

std::optional<Family> family_of(const Node& node) {
  if (node.kind == Kind::builder) return family_of_builder(node);
  if (node.kind == Kind::set_operation && node.name == "union") {
    auto a = family_of(node.children[0]);
    auto b = family_of(node.children[1]);
    if (!a || !b || a->parameter != b->parameter) return std::nullopt;
    a->members.insert(a->members.end(), b->members.begin(), b->members.end());
    return a;
  }
  Family family;
  std::vector<Node> rest;
  read_conditions(family, node, rest);
  for (const Node& one : rest) {
    if (one.kind == Kind::relation && one.operators != "=") return std::nullopt;
    add_member(family, one);
  }
  if (family.members.empty() || family.members.size() > members_max) return std::nullopt;
  return family;
}

bool has_period(const Node& node) {
  return contains(node, [](const Node& n) {
    return (n.kind == Kind::constant && n.name == "pi") ||
           (n.kind == Kind::call && n.name == "degree");
  });
}

// The one letter of the members, where nobody says that it is an integer.
bool guess_parameter(Family& family) {
  std::set<std::string> names;
  bool period = false;
  for (const Node& member : family.members) {
    names.merge(free_symbols(member));
    period = period || has_period(member);
  }
  if (names.size() != 1 || std::string_view("knmlN").find(*names.begin()) == std::string_view::npos)
    return false;
  family.parameter = *names.begin();
  return period;
}

bool close(double a, double b) {
  return std::fabs(a - b) <= 1e-9 * std::max({1.0, std::fabs(a), std::fabs(b)});
}

// The member as progressions: itself, or its even and odd places.
bool append_progressions(const Node& member, const Family& family, std::vector<Progression>& out,
                         Budget& budget) {
  double at[6];
  const bool endless = !family.least;
  for (int i = 0; i < 6; ++i) {
    const auto value =
        approximate_at(member, family.parameter, family.least.value_or(0) + i, budget);
    if (!value || !budget.spend(1000)) return false;
    at[i] = *value;
  }
  const auto linear = [&](int from, int stride) {
    return close(at[from + stride] - at[from], at[from + 2 * stride] - at[from + stride]);
  };
  if (linear(0, 1) && linear(2, 1) && linear(3, 1)) {
    out.push_back({at[0], at[1] - at[0], endless});
    return true;
  }
  if (!linear(0, 2) || !linear(1, 2)) return false;
  out.push_back({at[0], at[2] - at[0], endless});
  out.push_back({at[1], at[3] - at[1], endless});
  return true;
}

bool has_value(const std::vector<Progression>& progressions, double value) {
  return std::any_of(progressions.begin(), progressions.end(), [&](const Progression& one) {
    if (close(one.step, 0)) return close(one.first, value);
    const double t = (value - one.first) / one.step;
    return std::fabs(t - std::nearbyint(t)) <= 1e-8 && (one.endless || t > -0.5);
  });
}

bool covers(const std::vector<Progression>& all, const std::vector<Progression>& part) {
  for (const Progression& one : part) {
    for (int t = one.endless ? -probes : 0; t <= probes; ++t) {
      if (!has_value(all, one.first + one.step * t)) return false;
    }
  }
  return true;
}

std::optional<std::vector<Progression>> progressions_of(const Family& family, Budget& budget) {
  std::vector<Progression> all;
  for (const Node& member : family.members) {
    const auto names = free_symbols(member);
    if (names.size() > 1 || (names.size() == 1 && *names.begin() != family.parameter))
      return std::nullopt;
    if (!append_progressions(member, family, all, budget)) return std::nullopt;
  }
  return all;
}

}  // namespace

bool is_declaration(const Node& node) {
  return node.kind == Kind::relation && node.operators == "I" &&
         node.children[0].kind == Kind::symbol && node.children[1].kind == Kind::named_set &&
         (node.children[1].name[0] == 'Z' || node.children[1].name[0] == 'N');
}

std::optional<Comparison> compare_families(const Node& gold, const Node& answer, Budget& budget) {
  auto a = family_of(gold);
  auto b = a ? family_of(answer) : std::nullopt;
  if (!a || !b) return std::nullopt;
  const bool a_known = a->declared || guess_parameter(*a);
  const bool b_known = b->declared || guess_parameter(*b);
  if (!a->declared && !b->declared && !(a_known && b_known)) return std::nullopt;
  // Whether N begins with 0 or with 1 is for either side to say, but both mean the same N.
  const bool doubtful = a->least == 0 || b->least == 0;
  for (const int zero : {0, 1}) {
    for (auto& [family, least] : {std::pair(&*a, a->least), std::pair(&*b, b->least)})
      if (least == 0) family->least = zero;
    const auto p = progressions_of(*a, budget);
    const auto q = p ? progressions_of(*b, budget) : std::nullopt;
    if (!p || !q) return std::nullopt;
    if (covers(*p, *q) && covers(*q, *p))
      return Comparison{Same::yes, "the same values as its integer runs"};
    if (!doubtful) break;
  }
  return Comparison{Same::no, "other values as its integer runs"};
}

}  // namespace assay::math
