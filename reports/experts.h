// Which experts of a mixture answered a run: what the engine's counts say of load and of likeness.
//
// The counts come with each answer, as `experts` of Response::details: a list with one entry for
// each layer, empty for a dense one, else how often each of the layer's experts was chosen.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

#include "harness/reader.h"

namespace assay {

struct ExpertLoad {
  std::int64_t samples = 0;                        // answers that came with counts
  std::int64_t samples_left_out = 0;               // theirs had another shape, or made no sense
  std::vector<std::vector<std::uint64_t>> layers;  // (layers, experts); empty for a dense layer

  // Adds the counts of one answer's details; text without `experts` changes nothing.
  void add(std::string_view details_json);
};

// How evenly one layer's choices fall on its experts.
struct LayerBalance {
  int layer = 0;
  int experts = 0;
  std::uint64_t choices = 0;
  double max_over_mean = 0;  // the busiest expert's load; 1: all alike
  // Standard deviation of the counts over their mean, and what chance alone would make of it where
  // every choice fell on any expert alike: sqrt((E - 1) / choices), of the multinomial.
  double variation = 0;
  double variation_by_chance = 0;
  double entropy = 0;  // of the shares, over log E; 1: all alike
  int unused = 0;      // experts never chosen
};

// Layers with experts that were chosen at all, in order.
std::vector<LayerBalance> balance_of(const ExpertLoad& load);

// The share of choices that two runs have in common: sum over experts of min(p, q), averaged over
// the layers. 1: the same experts as often; 0: no expert in common. Empty where the shapes differ
// or nothing was chosen.
std::optional<double> overlap(const ExpertLoad& a, const ExpertLoad& b);

// Reads the answers of a run of the built-in engine; empty for other runs, and where none has
// counts.
std::optional<ExpertLoad> expert_load(const Reader& reader, const RunRecord& run);

}  // namespace assay
