// Tokens to a tree. Recursive descent, bounded in depth and size.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "suites/math/expression/lexer.h"
#include "suites/math/expression/node.h"

namespace assay::math {

struct ParseOptions {
  Commas commas = Commas::thousands;
  bool slash_takes_product = false;  // a/bc is a/(bc) instead of (a/b)c
  bool letters_are_units = false;    // "5 m" is five metres instead of 5 times m
  bool words_are_products = false;   // "5 mg" is 5 times m times g instead of milligrams
  bool chemical = false;             // H2O is water instead of twice H times O
  bool powers_of_ten = false;        // 2e-3 is 0.002 instead of 2e - 3
};

struct Parsed {
  std::optional<Node> node;
  std::string error;  // where there is no node
  std::size_t tokens = 0;
  bool commas_ambiguous = false;
  bool slash_ambiguous = false;
  bool letters_ambiguous = false;
  bool words_ambiguous = false;
  bool powers_ambiguous = false;
};

inline constexpr int nesting_max = 64;
inline constexpr int nodes_max = 3000;

// `cleaned` is what clean() returned. Never throws.
Parsed parse(std::string_view cleaned, const ParseOptions& options);

}  // namespace assay::math
