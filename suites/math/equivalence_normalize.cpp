#include <algorithm>
#include <utility>

#include "suites/math/equivalence_compare.h"

namespace assay::math {
namespace {

bool has_plus_minus(const Node& node) {
  return contains(node, [](const Node& n) { return n.kind == Kind::plus_minus; });
}

// One of the two readings of every sign in the tree.
Node with_sign(const Node& node, bool upper) {
  Node copy = with_children(node, [&](const Node& child) { return with_sign(child, upper); });
  if (copy.kind != Kind::plus_minus) return copy;
  const bool plus = (copy.name == "+-") == upper;
  Node last = std::move(copy.children.back());
  if (!plus) last = make_node(Kind::negate, {std::move(last)});
  if (copy.children.size() == 1) return last;
  return make_node(Kind::add, {std::move(copy.children.front()), std::move(last)});
}

void append_expanded(Node node, std::vector<Node>& out) {
  if (!has_plus_minus(node)) {
    out.push_back(std::move(node));
    return;
  }
  out.push_back(with_sign(node, true));
  out.push_back(with_sign(node, false));
}

Node expand_signs(Node node) {
  if (!has_plus_minus(node)) return node;
  std::vector<Node> members;
  if (!is_several(node)) {
    append_expanded(std::move(node), members);
    return make_node(Kind::list, std::move(members));
  }
  for (Node& child : node.children) append_expanded(std::move(child), members);
  node.children = std::move(members);
  return node;
}

bool is_dots(const Node& node) {
  return node.kind == Kind::symbol && (node.name == "ldots" || node.name == "dots" ||
                                       node.name == "cdots" || node.name == "dotsc");
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

// Whether it could stand before an equals sign that gives it a value.
bool may_be_assigned(const Node& side) {
  return !assigned_name(make_relation(side, '=', make_number(0))).empty();
}

// CD/BD and x/y, of which an answer gives the value.
std::string quotient_of_names(const Node& quotient) {
  for (const Node& side : quotient.children) {
    if (side.kind == Kind::divide || !may_be_assigned(side)) return {};
  }
  return render(quotient);
}

// dy/dx, \partial f/\partial x
bool is_derivative(const Node& quotient) {
  return std::all_of(quotient.children.begin(), quotient.children.end(), [](const Node& side) {
    return side.kind == Kind::multiply && side.children.size() == 2 &&
           side.children[0].kind == Kind::symbol && side.children[1].kind == Kind::symbol &&
           (side.children[0].name == "d" || side.children[0].name == "partial");
  });
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

}  // namespace

std::string assigned_name(const Node& relation) {
  if (relation.kind != Kind::relation || relation.operators != "=") return {};
  const Node& left = relation.children[0];
  // AB, and \angle ABC, \triangle ABC: runs of capitals, perhaps behind a sign.
  const auto part_of_name = [&](const Node& n) {
    const std::size_t place = static_cast<std::size_t>(&n - left.children.data());
    const bool measure = left.children.size() > 1 && left.children[1].name == "angle";
    const bool sign =
        (place == 0 && (n.name == "angle" || n.name == "triangle" || (n.name == "m" && measure))) ||
        (place == 1 && measure);
    return n.kind == Kind::symbol &&
           (sign || (n.name.size() == 1 && n.name[0] >= 'A' && n.name[0] <= 'Z'));
  };
  const auto capitals = [&](const Node& n) {
    return part_of_name(n) || (n.kind == Kind::multiply &&
                               std::all_of(n.children.begin(), n.children.end(), part_of_name));
  };
  const bool product = left.kind == Kind::multiply && left.name.empty() &&
                       std::all_of(left.children.begin(), left.children.end(), capitals);
  // \Delta p, \angle A: the sign belongs to the name.
  const bool signed_name = left.kind == Kind::multiply && left.children.size() == 2 &&
                           left.children[0].kind == Kind::symbol &&
                           left.children[1].kind == Kind::symbol &&
                           left.children[0].name.size() > 1;
  // The variance sigma^2 is a name; x^2 is not.
  const bool squared_name = left.kind == Kind::power && left.children[0].kind == Kind::symbol &&
                            (left.children[0].name == "sigma" || left.children[0].name == "chi") &&
                            left.children[1].kind == Kind::number;
  if (squared_name) return render(left);
  if (left.kind == Kind::symbol || product || signed_name || left.kind == Kind::ratio)
    return render(left);
  if (left.kind == Kind::tuple) return render(left);
  if (left.kind == Kind::divide && is_derivative(left)) return render(left);
  if (left.kind == Kind::divide) return quotient_of_names(left);
  if (left.kind != Kind::call) return {};
  const bool sized =
      left.name == "abs" && left.children[0].kind != Kind::add && may_be_assigned(left.children[0]);
  const bool known = left.name == "sqrt" || left.name == "root" || left.name == "ln" ||
                     left.name == "log" || left.name == "exp" || left.name == "abs" ||
                     left.name == "factorial" || left.name == "binom" || left.name == "floor" ||
                     left.name == "ceil" || left.name == "percent" || left.name == "degree" ||
                     left.name == "int" || left.name == "lim" || left.name == "sum" ||
                     left.name == "over";
  if (known && !sized) return {};
  return render(left);
}

Node normalize(Node node, Budget& budget) {
  node = fold_matrices(expand_signs(std::move(node)), budget);
  if (is_several(node)) node = with_dots_filled(std::move(node));
  if (node.kind == Kind::multiply) node = without_point_name(std::move(node));
  if (node.kind != Kind::list) return shorten_chain(std::move(node));
  // Lists within lists are one list.
  Node flat = make_node(Kind::list, {});
  flat.name = node.name;
  flat.rows = node.rows;
  for (Node& child : node.children) {
    Node inner = child.kind == Kind::list
                     ? normalize(std::move(child), budget)
                     : shorten_chain(without_point_name(expand_signs(std::move(child))));
    if (inner.kind == Kind::list) {
      for (Node& one : inner.children) flat.children.push_back(std::move(one));
    } else {
      flat.children.push_back(std::move(inner));
    }
  }
  inherit_names(flat);
  return flat;
}

}  // namespace assay::math
