// The buffers and stages of a forward step. Private to forward*.cpp.
#pragma once

#include "backends/engine/forward.h"
#include "backends/engine/stage.h"

namespace assay::engine {

using kernels::PackedMatrix;

inline std::size_t size(std::int64_t count) {
  return static_cast<std::size_t>(count);
}

// A token of the step, whichever sequence it belongs to.
struct Row {
  int step = 0;
  int token = 0;     // index in the step
  int position = 0;  // in the sequence
};

// Buffers grow to the largest step seen. T rows are in flight.
class Forward::Pass {
 public:
  Pass(const PackedModel& model, kernels::Workers& workers, const ForwardOptions& options);

  StepCost run(std::span<const SequenceStep> steps, const LogitsSink& sink);

 private:
  void lay_out(std::span<const SequenceStep> steps);
  void embed();
  void rotate_table();
  void attention(const PackedLayer& layer, int index);
  void project_queries(const PackedLayer& layer);
  void write_cache(const PackedLayer& layer, int index);
  void absorb_queries(const PackedLayer& layer);
  void attend(int index);
  void mlp(const PackedMlp& weights);
  void moe(const PackedLayer& layer, int index);
  void choose_experts(const PackedLayer& layer, int index);
  void run_experts(const PackedLayer& layer);
  LinearJob expert_job(std::size_t expert, const PackedMatrix& w, const StageRows& x,
                       float* y) const;
  void logits(const LogitsSink& sink);

  // (rows) of `x_` normalised into `normed_`, and packed.
  void normalise(const std::vector<float>& weight, StageRows::Needs needs,
                 const StageRows::Form& form);
  void norm_row(const float* x, const std::vector<float>& weight, float* y) const;
  void linear(const std::vector<LinearJob>& jobs) { run_linear(jobs, ops_, workers_, cost_); }
  // silu(gate) * up of row r to row r of `to`, from and in gate.
  void silu_row(std::int64_t r, std::vector<float>& gate, const std::vector<float>& up,
                std::int64_t width);
  void add_to_stream(const std::vector<float>& update);
  StageRows::Needs needs(std::initializer_list<const PackedMatrix*> matrices) const;
  // Matrices of one kind may differ: an FP8 part whose blocks are cut is widened (pack.h).
  StageRows::Needs needs(const std::vector<PackedMatrix>& matrices) const;
  StageRows::Needs needs_of_experts(const PackedLayer& layer) const;  // into gate and up
  StageRows::Needs needs_of_down(const PackedLayer& layer) const;
  // How rows enter a linear layer that sees `rows` of them, and how many places such a group takes
  // where others follow: tiles are 16 rows high.
  bool tiled(int rows) const { return kernels::reads_tiles(ops_.unit, rows); }
  StageRows::Form form(int rows) const {
    return {.activations = activations_, .sides = {.values = !tiled(rows), .tiles = tiled(rows)}};
  }
  int places(int rows) const { return tiled(rows) ? (rows + 15) / 16 * 16 : rows; }
  int row_count() const { return static_cast<int>(rows_.size()); }

  const PackedModel& model_;
  const Config& config_;
  kernels::Workers& workers_;
  const kernels::Ops& ops_;
  const kernels::Activations activations_;
  const kernels::LatentPage page_;
  const std::vector<float> frequencies_;  // (R / 2)
  const float softmax_scale_;
  const float rope_multiplier_;

  std::span<const SequenceStep> steps_;
  std::vector<Row> rows_;                         // (T)
  std::vector<const float* const*> page_tables_;  // (T)
  std::vector<int> visible_;                      // (T) positions each row sees, itself included
  std::vector<std::size_t> page_begins_;          // the rows at which a page begins, and T
  StageCost cost_;
  double cache_bytes_ = 0;

  std::vector<float> cosines_;        // (T, R / 2)
  std::vector<float> sines_;          // (T, R / 2)
  std::vector<float> x_;              // (T, H) the residual stream
  std::vector<float> normed_;         // (T, H)
  std::vector<float> q_low_;          // (T, Q)
  std::vector<float> kv_low_;         // (T, C + R)
  std::vector<float> queries_;        // (T, nh * (P + R))
  std::vector<float> absorbed_;       // (T, nh, stride)
  std::vector<float> latent_;         // (T, nh, C)
  std::vector<float> heads_;          // (T, nh * Vd)
  std::vector<float> update_;         // (T, H)
  std::vector<float> gate_;           // (slots or T, inner)
  std::vector<float> up_;             // (slots or T, inner)
  std::vector<float> shared_gate_;    // (T, n_s * I)
  std::vector<float> shared_up_;      // (T, n_s * I)
  std::vector<float> expert_out_;     // (slots, H)
  std::vector<float> scores_;         // (T, E)
  std::vector<int> chosen_;           // (T, k)
  std::vector<float> chosen_weight_;  // (T, k)
  std::vector<int> slot_;             // (T, k) row of the choice among the rows sorted by expert
  std::vector<int> expert_begin_;     // (E + 1) its first row
  std::vector<int> expert_rows_;      // (E) how many there are; gaps follow where they are tiles
  std::vector<float> logits_;         // (logits_rows_max, V)
  StageRows stage_;
  StageRows second_;
  StageRows third_;
};

}  // namespace assay::engine
