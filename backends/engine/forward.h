// One step of the model: some tokens of some sequences in, rows of logits out.
//
// Everything uses the absorbed form of attention, prompts as well as single tokens. The expanded
// form needs fewer operations on long chunks, but it forms its sums in another order, so that a
// token's key and value, and with them every later token, would depend on where a chunk ended. One
// form for all tokens makes chunking, batching and cached prefixes invisible: each row's arithmetic
// is a function of its own token, its own cached positions and the weights. The price is
// 2 (W + C) instead of 2 (P + R + Vd) operations per head and visible position.
//
// Thread rule: run is called from one thread at a time; it spreads its stages over the workers.
#pragma once

#include <functional>
#include <memory>
#include <span>
#include <vector>

#include "backends/engine/packed_model.h"
#include "kernels/ops.h"
#include "kernels/workers.h"

namespace assay::engine {

// A run of consecutive tokens of one sequence.
struct SequenceStep {
  std::span<const int> tokens;      // ids in [0, V)
  int position = 0;                 // of the first of them; everything before is in the cache
  std::span<float* const> pages;    // the sequence's pages, enough for all positions (cache.h);
                                    // pages of tiles begin as zeros
  int logits_from = 0;              // logits are wanted of tokens[logits_from] and later ones
  std::span<std::uint32_t> chosen;  // (layers, E): raised by each choice of an expert; may be empty
};

// What one step moved and computed. Weights count once per step in which they are used, however
// many rows use them; the cache counts once per row that reads it.
struct StepCost {
  double weight_bytes = 0;
  double cache_bytes = 0;
  double flop = 0;
};

struct ForwardOptions {
  kernels::Unit unit = kernels::Unit::plain;
  kernels::Activations activations = kernels::Activations::bf16;
  kernels::LatentPage::Form pages = kernels::LatentPage::Form::rows;  // one that the unit reads
};

// Called on any worker thread, once for each row of logits: which step, which of its tokens.
using LogitsSink = std::function<void(int step, int token, std::span<const float> logits)>;

class Forward {
 public:
  Forward(const PackedModel& model, kernels::Workers& workers, const ForwardOptions& options);
  ~Forward();
  Forward(const Forward&) = delete;
  Forward& operator=(const Forward&) = delete;

  // One layer's part of a page, and the values of a page with all its layers.
  static kernels::LatentPage page_of(const Config& config, const ForwardOptions& options);
  static std::size_t page_values(const Config& config, const ForwardOptions& options);

  StepCost run(std::span<const SequenceStep> steps, const LogitsSink& sink);

 private:
  class Pass;  // the buffers and stages of a step
  std::unique_ptr<Pass> pass_;
};

}  // namespace assay::engine
