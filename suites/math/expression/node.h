// A mathematical answer as a tree.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "suites/math/expression/number.h"

namespace assay::math {

enum class Kind : std::uint8_t {
  number,      // `number`; `decimal` and `places` tell how it was written; `rows` is a written base
  symbol,      // `name`, with its subscript: "x_{1}"; `closed_left` marks one written as a vector
  constant,    // `name`: "pi", "e", "i"
  infinity,    // +; a negate stands before the other
  add,         // children
  multiply,    // children; `name` where capitals were written as one run: "HTH"
  divide,      // two children
  negate,      // one child
  power,       // base, exponent
  call,        // `name`(children): "sqrt", "sin", "percent", "degree", "f" (unknown function) ...;
               // `closed_left` marks C(n, k), which could be a point
  plus_minus,  // one child (sign) or two (a +- b); `name` is "+-" or "-+"
  quantity,    // child, unit: `name` is its dimension, `number` its size in base units,
               // `operators` what the words behind it say of it (said.h)
  ratio,       // a : b : c; `closed_left` marks what can only be a time of day
  tuple,       // ordered; `open` and `close` are its brackets, `name` that of a point
  interval,    // two children, open or closed at each end
  set,         // finite, unordered
  set_operation,  // `name`: "union", "intersection", "difference"
  named_set,      // `name`: "R", "Z", "N", "Q", "C", "empty"
  builder,        // { child | conditions }
  matrix,         // rows x columns children, row by row
  cases,          // value, condition, value, condition ... (a missing condition is a text)
  relation,       // children joined by `operators`, one character each: = < > L G N ~ I
  list,           // several answers; `name` is "or" where the text said so, "parts" where it
                  // labelled them, `rows` of them
  text,           // `name`, normalised words
  choice,         // `name` is the letter; a child is the content that stood behind it
  date,           // `name`: "1969-07-20"
};

struct Node {
  Kind kind = Kind::text;
  std::string name = {};
  Rational number = 0;
  std::vector<Node> children = {};
  std::string operators = {};  // of a relation: L is <=, G is >=, N is !=, ~ is about, I is "in"
  int rows = 0;
  int places = 0;  // digits behind the point
  bool decimal = false;
  bool closed_left = false;
  bool closed_right = false;
  char open = '(';
  char close = ')';
};

template <class T>
concept AnyNode = std::is_same_v<std::remove_cvref_t<T>, Node>;

// The children of a new node, as written in braces: hence the constructors convert. What is given
// up (a temporary, std::move) is moved: an initializer_list would copy whole trees, and parsing
// would take quadratic time.
struct Children {
  std::vector<Node> nodes = {};

  Children() = default;
  Children(std::vector<Node> some)  // NOLINT(google-explicit-constructor)
      : nodes(std::move(some)) {}
  template <AnyNode... Nodes>
  Children(Nodes&&... some) {  // NOLINT(google-explicit-constructor)
    nodes.reserve(sizeof...(some));
    (nodes.push_back(std::forward<Nodes>(some)), ...);
  }
};

Node make_number(Rational value);
Node make_symbol(std::string name);
Node make_text(std::string name);
Node make_call(std::string name, Children arguments);
Node make_node(Kind kind, Children children);
Node make_relation(Node left, char code, Node right);

Node without_children(const Node& node);

// One canonical line: equal for trees that are written alike.
std::string render(const Node& node);

// "number", "interval" ...: for people.
std::string_view name_of(Kind kind);

// Itself and all below.
std::int64_t count_nodes(const Node& node);

// Variables and names of unknown functions, bound ones left out.
std::set<std::string> free_symbols(const Node& node);

// The node with its children rewritten: linear, where copying a tree first and then replacing its
// children, level by level, would be quadratic in its depth.
template <class Rewrite>
Node with_children(const Node& node, const Rewrite& rewrite) {
  Node copy = without_children(node);
  copy.children.reserve(node.children.size());
  for (const Node& child : node.children) copy.children.push_back(rewrite(child));
  return copy;
}

// Whether any part of the tree satisfies the test.
template <class Test>
bool contains(const Node& node, const Test& test) {
  if (test(node)) return true;
  for (const Node& child : node.children) {
    if (contains(child, test)) return true;
  }
  return false;
}

}  // namespace assay::math
