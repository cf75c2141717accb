#include <algorithm>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "suites/math/equivalence_compare.h"

namespace assay::math {
namespace {

bool has_plus_minus(const Node& node) {
  return contains(node, [](const Node& n) { return n.kind == Kind::plus_minus; });
}

constexpr int signs_max = 4;

int count_signs(const Node& node, std::string_view name) {
  int count = node.kind == Kind::plus_minus && node.name == name ? 1 : 0;
  for (const Node& child : node.children) count += count_signs(child, name);
  return count;
}

// The tree with a choice for every sign in it: `uppers` has one bit for each in turn, or one for
// all of them.
Node with_signs(const Node& node, unsigned uppers, bool independent, int& place) {
  Node copy = with_children(
      node, [&](const Node& child) { return with_signs(child, uppers, independent, place); });
  if (copy.kind != Kind::plus_minus) return copy;
  const bool upper = ((uppers >> static_cast<unsigned>(independent ? place++ : 0)) & 1U) == 0;
  const bool plus = (copy.name == "+-") == upper;
  Node last = std::move(copy.children.back());
  if (!plus) last = make_node(Kind::negate, {std::move(last)});
  if (copy.children.size() == 1) return last;
  return make_node(Kind::add, {std::move(copy.children.front()), std::move(last)});
}

// +-1 +- i are four numbers; a -+ among the signs, or another side of an equation that has signs as
// well, says that they go together.
bool are_independent(const Node& node) {
  if (count_signs(node, "-+") > 0) return false;
  if (node.kind != Kind::relation) return true;
  return std::count_if(node.children.begin(), node.children.end(), has_plus_minus) < 2;
}

void append_expanded(Node node, Signs signs, std::vector<Node>& out) {
  if (!has_plus_minus(node)) {
    out.push_back(std::move(node));
    return;
  }
  const int count = count_signs(node, "+-");
  const bool independent =
      signs == Signs::independent && count > 1 && count <= signs_max && are_independent(node);
  const unsigned choices = independent ? 1U << static_cast<unsigned>(count) : 2U;
  for (unsigned uppers = 0; uppers < choices; ++uppers) {
    int place = 0;
    out.push_back(with_signs(node, uppers, independent, place));
  }
}

Node expand_signs(Node node, Signs signs) {
  if (!has_plus_minus(node)) return node;
  std::vector<Node> members;
  if (!is_several(node)) {
    append_expanded(std::move(node), signs, members);
    return make_node(Kind::list, std::move(members));
  }
  for (Node& child : node.children) append_expanded(std::move(child), signs, members);
  node.children = std::move(members);
  return node;
}

bool is_dots(const Node& node) {
  return node.kind == Kind::symbol && node.name == "ldots";
}

// 1, 3, 5, ..., 99 written out, where the steps are plain.
Node with_dots_filled(Node node) {
  constexpr std::size_t filled_max = 40;
  auto& c = node.children;
  const auto dots = std::find_if(c.begin(), c.end(), is_dots);
  const auto before = static_cast<std::size_t>(dots - c.begin());
  if (dots == c.end() || before == 0 || before + 2 != c.size()) return node;
  for (std::size_t i = 0; i < c.size(); ++i) {
    const Node& bare = c[i].kind == Kind::negate ? c[i].children[0] : c[i];
    if (i != before && (bare.kind != Kind::number || denominator(bare.number) != 1)) return node;
  }
  const auto value = [&](std::size_t i) {
    return c[i].kind == Kind::negate ? Rational(-c[i].children[0].number) : c[i].number;
  };
  const Rational step = before == 1 ? Rational(1) : value(1) - value(0);
  for (std::size_t i = 1; i < before; ++i) {
    if (value(i) - value(i - 1) != step) return node;
  }
  if (step == 0) return node;
  const Rational last = value(c.size() - 1);
  const Rational count = (last - value(before - 1)) / step;
  if (denominator(count) != 1 || count < 1 || count > filled_max) return node;
  Node filled = node;
  filled.children.resize(before);
  for (Rational next = value(before - 1) + step; next != last + step; next += step)
    filled.children.push_back(make_number(next));
  return filled;
}

// 1 + 2 + ... + n = n(n + 1)/2: a sum and what it comes to.
bool is_calculation(const Node& equation) {
  if (!contains(equation.children.front(), is_dots)) return false;
  auto before = free_symbols(equation.children.front());
  before.erase("ldots");
  const auto behind = free_symbols(equation.children.back());
  return !behind.contains("ldots") &&
         std::includes(behind.begin(), behind.end(), before.begin(), before.end());
}

// x = 5 + 5 = 10 says x = 10; 2 + 3 = 5 says 5; a tail behind "about" is dropped.
Node shorten_chain(Node node) {
  if (node.kind != Kind::relation) return node;
  const auto about = node.operators.find('~');
  if (about != std::string::npos && about > 0) {
    node.operators.resize(about);
    node.children.resize(about + 1);
  } else if (about == 0 && node.operators.size() == 1) {
    // "1/3 ~ 0.333": the exact side; "x ~ 0.333": an equation.
    if (free_symbols(node.children[0]).empty()) return Node(node.children[0]);
    node.operators = "=";
  }
  const bool equations = node.operators.find_first_not_of('=') == std::string::npos;
  if (equations && is_calculation(node)) return Node(node.children.back());
  const bool alike = node.children.size() > 2 && equations &&
                     std::all_of(node.children.begin(), node.children.end() - 1,
                                 [](const Node& n) {
                                   return n.kind == Kind::symbol && n.name.size() == 1 &&
                                          n.name[0] >= 'a' && n.name[0] <= 'z';
                                 }) &&
                     free_symbols(node.children.back()).empty();
  if (alike) {
    // a = b = c = 1
    Node list = make_node(Kind::list, {});
    for (std::size_t i = 0; i + 1 < node.children.size(); ++i) {
      list.children.push_back(make_relation(node.children[i], '=', node.children.back()));
    }
    return list;
  }
  if (equations && node.children.size() > 2) {
    Node last = node.children.back();
    node.children.resize(1);
    node.children.push_back(std::move(last));
    node.operators = "=";
  }
  return node;
}

// "x = 1, 2": the second member is x = 2.
void inherit_names(Node& list) {
  if (list.children.empty() || list.children.front().kind != Kind::relation) return;
  const Node first = list.children.front();
  if (first.operators != "=" || assigned_name(first).empty()) return;
  for (Node& child : list.children) {
    const bool plain =
        child.kind != Kind::relation && child.kind != Kind::text && child.kind != Kind::list;
    if (!plain) continue;
    child = make_relation(first.children[0], '=', std::move(child));
  }
}

// A(1, 2): the name of a point before its coordinates. The point remembers it, since P(5, 2) may
// also count arrangements.
Node without_point_name(Node node) {
  const bool named = node.kind == Kind::multiply && node.children.size() == 2 &&
                     node.children[0].kind == Kind::symbol && node.children[0].name[0] >= 'A' &&
                     node.children[0].name[0] <= 'Z' && node.children[1].kind == Kind::tuple;
  if (!named) return node;
  Node point = node.children[1];
  point.name = node.children[0].name;
  return point;
}

// k = 0, +-1, +-2, ... and n = 1, 2, 3, ...: the letter runs through a set of integers.
void declare_by_dots(Node& list) {
  auto& c = list.children;
  if (list.kind != Kind::list || c.size() < 4 || !is_dots(c.back())) return;
  const auto starts = [](const Node& n) {
    return n.kind == Kind::relation && n.operators == "=" && n.children[0].kind == Kind::symbol &&
           n.children[1].kind == Kind::number;
  };
  const auto first = std::find_if(c.begin() + 1, c.end(), starts);
  const auto steps = c.end() - first - 2;
  if (first == c.end() || steps < 1) return;
  const Rational& from = first->children[1].number;
  if (from != 0 && from != 1) return;
  const bool both_ways = from == 0 && (first + 1)->kind == Kind::plus_minus;
  for (int i = 1; i <= steps; ++i) {
    const Node& step = *(first + i);
    if ((step.kind == Kind::plus_minus) != both_ways) return;
    const Node& count = both_ways ? step.children.back() : step;
    if (count.kind != Kind::number || count.number != from + i) return;
  }
  Node set{.kind = Kind::named_set};
  set.name = both_ways ? "Z" : from == 0 ? "N" : "Z+";
  Node declaration = make_relation(first->children[0], 'I', std::move(set));
  c.erase(first, c.end());
  c.push_back(std::move(declaration));
}

bool has_arrow(const Node& node) {
  return node.kind == Kind::symbol && node.name.starts_with("vec ");
}

// An arrow says what a bold letter does, and a letter alone where there is no other of its name.
void drop_arrows(Node& node, const std::set<std::string>& names) {
  constexpr std::string_view arrow = "vec ";
  if (node.kind == Kind::symbol && node.name.starts_with(arrow)) {
    std::string plain = node.name.substr(arrow.size());
    if (plain == "i") plain = "vector i";
    if (!names.contains(plain)) node.name = plain;
  }
  for (Node& child : node.children) drop_arrows(child, names);
}

// (1, 2, 3)^T is a column, as the point is one.
Node without_transposition(Node node) {
  const bool transposed = node.kind == Kind::power && node.children[1].kind == Kind::symbol &&
                          (node.children[1].name == "T" || node.children[1].name == "top");
  if (!transposed) return node;
  Node row = node.children[0];
  const bool bracketed = row.kind == Kind::interval && row.closed_left && row.closed_right;
  if (row.kind != Kind::tuple && !bracketed) return node;
  row.kind = Kind::tuple;
  row.closed_left = row.closed_right = false;
  return row;
}

}  // namespace

Node normalize(Node node, Budget& budget, Signs signs) {
  if (contains(node, has_arrow)) drop_arrows(node, free_symbols(node));
  declare_by_dots(node);
  node = without_transposition(std::move(node));
  node = fold_matrices(expand_signs(std::move(node), signs), budget);
  if (is_several(node)) node = with_dots_filled(std::move(node));
  if (node.kind == Kind::multiply) node = without_point_name(std::move(node));
  if (node.kind != Kind::list) return shorten_chain(std::move(node));
  // Lists within lists are one list.
  Node flat = make_node(Kind::list, {});
  flat.name = node.name;
  flat.rows = node.rows;
  for (Node& child : node.children) {
    Node inner = child.kind == Kind::list
                     ? normalize(std::move(child), budget, signs)
                     : shorten_chain(without_point_name(expand_signs(std::move(child), signs)));
    if (inner.kind == Kind::list) {
      for (Node& one : inner.children) flat.children.push_back(std::move(one));
    } else {
      flat.children.push_back(std::move(inner));
    }
  }
  inherit_names(flat);
  return flat;
}

std::optional<Node> with_signs_together(const Node& node, Budget& budget) {
  const bool several_places =
      node.kind == Kind::tuple &&
      std::count_if(node.children.begin(), node.children.end(), has_plus_minus) > 1;
  if (!several_places) return std::nullopt;
  return normalize(node, budget, Signs::together);
}

}  // namespace assay::math
