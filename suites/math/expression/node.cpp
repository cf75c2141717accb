#include "suites/math/expression/node.h"

#include <array>
#include <utility>

namespace assay::math {
namespace {

std::string join(const std::vector<Node>& nodes, std::string_view separator) {
  std::string text;
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    if (i > 0) text += separator;
    text += render(nodes[i]);
  }
  return text;
}

std::string_view operator_text(char code) {
  switch (code) {
    case 'L':
      return "<=";
    case 'G':
      return ">=";
    case 'N':
      return "!=";
    case '~':
      return "~";
    case 'I':
      return " in ";
    case '<':
      return "<";
    case '>':
      return ">";
    default:
      return "=";
  }
}

std::string render_number(const Node& node) {
  std::string text = Integer(numerator(node.number)).str();
  if (denominator(node.number) != 1) text += "/" + Integer(denominator(node.number)).str();
  return text;
}

std::string render_relation(const Node& node) {
  std::string text = render(node.children.front());
  for (std::size_t i = 1; i < node.children.size(); ++i) {
    text += operator_text(node.operators[i - 1]);
    text += render(node.children[i]);
  }
  return text;
}

std::string render_matrix(const Node& node) {
  std::string text = "[";
  const std::size_t columns = node.children.size() / static_cast<std::size_t>(node.rows);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    if (i > 0) text += i % columns == 0 ? "; " : ", ";
    text += render(node.children[i]);
  }
  return text + "]";
}

std::string render_bracketed(const Node& node) {
  const auto& c = node.children;
  switch (node.kind) {
    case Kind::tuple:
      return node.open + join(c, ", ") + node.close;
    case Kind::interval:
      return std::string(1, node.closed_left ? '[' : '(') + join(c, ", ") +
             (node.closed_right ? ']' : ')');
    case Kind::set:
      return "{" + join(c, ", ") + "}";
    case Kind::builder:
      return "{" + join(c, " | ") + "}";
    case Kind::matrix:
      return render_matrix(node);
    case Kind::cases:
      return "cases(" + join(c, ", ") + ")";
    default:
      return join(c, node.name == "or" ? " or " : ", ");
  }
}

}  // namespace

Node without_children(const Node& node) {
  return {.kind = node.kind,
          .name = node.name,
          .number = node.number,
          .operators = node.operators,
          .rows = node.rows,
          .places = node.places,
          .decimal = node.decimal,
          .closed_left = node.closed_left,
          .closed_right = node.closed_right,
          .open = node.open,
          .close = node.close};
}

Node make_number(Rational value) {
  Node node{.kind = Kind::number};
  node.number = std::move(value);
  return node;
}

Node make_symbol(std::string name) {
  return Node{.kind = Kind::symbol, .name = std::move(name)};
}

Node make_text(std::string name) {
  return Node{.kind = Kind::text, .name = std::move(name)};
}

Node make_relation(Node left, char code, Node right) {
  Node relation = make_node(Kind::relation, {std::move(left), std::move(right)});
  relation.operators.assign(1, code);
  return relation;
}

Node make_call(std::string name, Children arguments) {
  Node node{.kind = Kind::call, .name = std::move(name)};
  node.children = std::move(arguments.nodes);
  return node;
}

Node make_node(Kind kind, Children children) {
  Node node{.kind = kind};
  node.children = std::move(children.nodes);
  return node;
}

std::string render(const Node& node) {
  const auto& c = node.children;
  switch (node.kind) {
    case Kind::number:
      return render_number(node);
    case Kind::symbol:
    case Kind::constant:
    case Kind::date:
    case Kind::named_set:
      return node.name;
    case Kind::text:
      return "\"" + node.name + "\"";
    case Kind::infinity:
      return "inf";
    case Kind::add:
      return "(" + join(c, " + ") + ")";
    case Kind::multiply:
      return "(" + join(c, "*") + ")";
    case Kind::divide:
      return "(" + join(c, "/") + ")";
    case Kind::negate:
      return "-" + join(c, "");
    case Kind::power: {
      const bool bare = c[0].kind != Kind::negate && c[0].kind != Kind::power;
      return (bare ? render(c[0]) : "(" + render(c[0]) + ")") + "^" + render(c[1]);
    }
    case Kind::call:
      return node.name + "(" + join(c, ", ") + ")";
    case Kind::plus_minus:
      return c.size() == 1 ? node.name + render(c[0]) : "(" + join(c, node.name) + ")";
    case Kind::quantity:
      return render(c[0]) + " " + node.name + "*" + node.number.str();
    case Kind::ratio:
      return join(c, ":");
    case Kind::set_operation:
      return "(" + join(c, " " + node.name + " ") + ")";
    case Kind::relation:
      return render_relation(node);
    case Kind::choice:
      return "(" + node.name + ") " + join(c, "");
    default:
      return render_bracketed(node);
  }
}

std::int64_t count_nodes(const Node& node) {
  std::int64_t count = 1;
  for (const Node& child : node.children) count += count_nodes(child);
  return count;
}

std::string_view name_of(Kind kind) {
  static constexpr std::array<std::string_view, 26> names = {
      "number",     "symbol",   "constant",        "infinity",    "sum",
      "product",    "quotient", "negative",        "power",       "function",
      "plus-minus", "quantity", "ratio",           "tuple",       "interval",
      "set",        "union",    "set of numbers",  "set builder", "matrix",
      "piecewise",  "relation", "several answers", "text",        "choice",
      "date"};
  return names.at(static_cast<std::size_t>(kind));
}

namespace {

void collect(const Node& node, std::set<std::string>& names) {
  if (node.kind == Kind::symbol) names.insert(node.name);
  const bool binds =
      node.kind == Kind::call && (node.name == "sum" || node.name == "prod" || node.name == "lim");
  if (!binds) {
    for (const Node& child : node.children) collect(child, names);
    return;
  }
  std::set<std::string> inner;
  for (const Node& child : node.children) collect(child, inner);
  inner.erase(node.children.front().name);
  names.merge(inner);
}

}  // namespace

std::set<std::string> free_symbols(const Node& node) {
  std::set<std::string> names;
  collect(node, names);
  return names;
}

}  // namespace assay::math
