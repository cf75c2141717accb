// Texts made to be slow to read, to compare or to search, for the benchmark of the slowest input.
#pragma once

#include <string>
#include <vector>

namespace assay {

struct HostileText {
  std::string name;
  std::string text;  // a reference and an answer, where there is a line break
};

// What repeats, nests, is read more than once or never closes, in every length that some limit is
// about, and mixtures of it.
std::vector<HostileText> hostile_texts(int mixtures);

// Pairs that are formulas throughout and as large as a judgement takes: long sums, deep nesting,
// chains of matrices, lists in another order.
std::vector<HostileText> hostile_pairs();

}  // namespace assay
