// One answer, read: what kind of thing it is.
#pragma once

#include <string>
#include <string_view>

#include "suites/math/expression/node.h"
#include "suites/math/expression/parser.h"

namespace assay::math {

struct ReadAnswer {
  Node node;
  std::string problem;  // why it is a text although it looks like mathematics; empty: none
  bool commas_ambiguous = false;
  bool slash_ambiguous = false;
  bool letters_ambiguous = false;
  bool words_ambiguous = false;
  bool chemical_ambiguous = false;
  bool powers_ambiguous = false;
  std::size_t tokens = 0;  // read on the way, more than once where the text was: what it cost
};

inline constexpr std::size_t length_max = 512;  // of one answer, in bytes

// `taken` is what unwrap() returned, then clean() and spell_out().
ReadAnswer read_answer(std::string_view cleaned, const ParseOptions& options);

}  // namespace assay::math
