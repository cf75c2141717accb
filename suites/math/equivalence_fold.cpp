// Sums, products and multiples of matrices, and of points and vectors, cell by cell. Where the
// cells are numbers, so are those of the result; what else is written is paid for, since a chain of
// matrices of letters grows with each of them, exponentially.
#include <algorithm>
#include <cstddef>
#include <optional>
#include <utility>

#include "suites/math/equivalence_compare.h"

namespace assay::math {
namespace {

constexpr std::size_t matrix_cells_max = 64;

std::size_t columns_of(const Node& matrix) {
  return matrix.children.size() / static_cast<std::size_t>(matrix.rows);
}

// A number as it may stand in a cell: 3, -3, 3/4, and what products of those come to.
std::optional<Rational> plain_number(const Node& node) {
  if (node.kind == Kind::number) return node.number;
  if (node.kind != Kind::negate && node.kind != Kind::divide && node.kind != Kind::multiply)
    return std::nullopt;
  std::optional<Rational> value = 1;
  for (const Node& child : node.children) {
    const auto part = plain_number(child);
    if (!part) return std::nullopt;
    const bool divides = node.kind == Kind::divide && &child == &node.children.back();
    if (divides && *part == 0) return std::nullopt;
    value = divides ? Rational(*value / *part) : Rational(*value * *part);
  }
  return node.kind == Kind::negate ? Rational(-*value) : value;
}

Node simplified(Node cell) {
  if (auto value = plain_number(cell)) return make_number(std::move(*value));
  return cell;
}

Node sum_of_cells(std::vector<Node> cells) {
  Rational total = 0;
  for (const Node& cell : cells) {
    const auto value = plain_number(cell);
    if (!value) return make_node(Kind::add, std::move(cells));
    total += *value;
  }
  return make_number(std::move(total));
}

class Folder {
 public:
  explicit Folder(Budget& budget) : budget_(budget) {}

  void matrices(Node& node) {
    std::size_t cells = 0;
    for (Node& child : node.children) {
      matrices(child);
      if (child.kind == Kind::matrix) cells = std::max(cells, child.children.size());
    }
    if (cells == 0 || cells > matrix_cells_max) return;
    if (node.kind == Kind::add) sum(node);
    if (node.kind == Kind::multiply) product(node);
    if (node.kind == Kind::negate) scale(node, make_number(-1), Kind::multiply);
    if (node.kind == Kind::divide && node.children[1].kind != Kind::matrix)
      scale(node, Node(node.children[1]), Kind::divide);
    if (node.kind == Kind::power) transpose(node);
  }

  // (1, 2) + t (3, 4), also as the side of an equation: one tuple.
  void tuples(Node& node) {
    if (node.kind == Kind::relation) {
      for (Node& child : node.children) tuples(child);
      return;
    }
    const bool sum =
        node.kind == Kind::add || node.kind == Kind::multiply || node.kind == Kind::divide;
    if (!sum || !contains(node, [](const Node& n) { return n.kind == Kind::tuple; })) return;
    if (contains(node, [](const Node& n) { return n.kind == Kind::matrix; })) return;
    // A(1, 2) is a point and its name.
    const bool named = node.kind == Kind::multiply && node.children[0].kind == Kind::symbol &&
                       node.children[0].name[0] >= 'A' && node.children[0].name[0] <= 'Z';
    if (named || !affords(count_nodes(node))) return;
    Node folded = with_columns(node);
    matrices(folded);
    if (folded.kind != Kind::matrix || folded.rows != static_cast<int>(folded.children.size()))
      return;
    folded.kind = Kind::tuple;
    folded.rows = 0;
    node = std::move(folded);
  }

 private:
  bool affords(std::size_t nodes_written) {
    const auto cost_ns = static_cast<std::int64_t>(nodes_written) * node_written_ns;
    return cost_ns < budget_.left_ns / 2 && budget_.spend(cost_ns);
  }

  static Node with_columns(const Node& node) {
    Node copy = with_children(node, with_columns);
    if (copy.kind != Kind::tuple || copy.children.size() < 2) return copy;
    copy.kind = Kind::matrix;
    copy.rows = static_cast<int>(copy.children.size());
    return copy;
  }

  static void sum(Node& node) {
    const Node& first = node.children[0];
    const bool alike = std::all_of(node.children.begin(), node.children.end(), [&](const Node& n) {
      return n.kind == Kind::matrix && n.rows == first.rows &&
             n.children.size() == first.children.size();
    });
    if (!alike) return;
    Node total{.kind = Kind::matrix};
    total.rows = first.rows;
    for (std::size_t i = 0; i < first.children.size(); ++i) {
      std::vector<Node> cells;
      for (Node& child : node.children) cells.push_back(std::move(child.children[i]));
      total.children.push_back(sum_of_cells(std::move(cells)));
    }
    node = std::move(total);
  }

  // The first child of a node with the factor in every cell, in place of the node.
  void scale(Node& node, Node factor, Kind kind) {
    Node& matrix = node.children[0];
    factor = simplified(std::move(factor));
    if (!affords(matrix.children.size() * static_cast<std::size_t>(count_nodes(factor) + 1)))
      return;
    for (Node& cell : matrix.children) {
      cell = simplified(make_node(kind, {std::move(cell), factor}));
    }
    node = Node(std::move(matrix));
  }

  std::optional<Node> matrix_product(const Node& a, const Node& b) {
    const std::size_t rows = static_cast<std::size_t>(a.rows);
    const std::size_t inner = columns_of(a);
    const std::size_t columns = columns_of(b);
    const auto nodes = columns * static_cast<std::size_t>(count_nodes(a)) +
                       rows * static_cast<std::size_t>(count_nodes(b));
    if (inner != static_cast<std::size_t>(b.rows) || a.children.size() > matrix_cells_max ||
        !affords(nodes))
      return std::nullopt;
    Node result{.kind = Kind::matrix};
    result.rows = a.rows;
    for (std::size_t i = 0; i < rows; ++i) {
      for (std::size_t j = 0; j < columns; ++j) {
        std::vector<Node> cells;
        for (std::size_t k = 0; k < inner; ++k) {
          cells.push_back(simplified(
              make_node(Kind::multiply, {a.children[i * inner + k], b.children[k * columns + j]})));
        }
        result.children.push_back(sum_of_cells(std::move(cells)));
      }
    }
    return result;
  }

  void product(Node& node) {
    std::optional<Node> matrix;
    Node scalars{.kind = Kind::multiply};
    for (const Node& child : node.children) {
      if (child.kind != Kind::matrix) {
        scalars.children.push_back(child);
        continue;
      }
      matrix = matrix ? matrix_product(*matrix, child) : child;
      if (!matrix) return;
    }
    if (scalars.children.empty()) {
      node = std::move(*matrix);
      return;
    }
    Node scaled = make_node(Kind::multiply, {std::move(*matrix)});
    scale(scaled, std::move(scalars), Kind::multiply);
    if (scaled.kind == Kind::matrix) node = std::move(scaled);
  }

  static void transpose(Node& node) {
    const Node& matrix = node.children[0];
    const Node& sign = node.children[1];
    if (matrix.kind != Kind::matrix || sign.kind != Kind::symbol ||
        (sign.name != "T" && sign.name != "top"))
      return;
    Node result{.kind = Kind::matrix};
    result.rows = static_cast<int>(columns_of(matrix));
    for (std::size_t j = 0; j < columns_of(matrix); ++j) {
      for (std::size_t i = 0; i < static_cast<std::size_t>(matrix.rows); ++i)
        result.children.push_back(matrix.children[i * columns_of(matrix) + j]);
    }
    node = std::move(result);
  }

  Budget& budget_;
};

}  // namespace

Node fold_matrices(Node node, Budget& budget) {
  Folder folder(budget);
  folder.matrices(node);
  folder.tuples(node);
  return node;
}

}  // namespace assay::math
