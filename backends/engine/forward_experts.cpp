// The mixture of experts: who is chosen, and what they compute.

#include <algorithm>

#include "backends/engine/forward_pass.h"

namespace assay::engine {

namespace {

// V3 normalises and scales; V2 does one or the other (engine.md 1.7 e).
kernels::Gate gate_of(const Config& config, const PackedLayer& layer) {
  const bool scales = config.family == Family::deepseek_v3 || !config.norm_topk_prob;
  return {.experts = config.n_routed_experts,
          .groups = config.n_group,
          .groups_kept = config.topk_group,
          .chosen = config.num_experts_per_tok,
          .sigmoid = config.scoring == Scoring::sigmoid,
          .group_limited = config.topk_method != TopkMethod::greedy,
          .normalise = config.norm_topk_prob,
          .scaling = scales ? static_cast<float>(config.routed_scaling_factor) : 1.0F,
          .bias = layer.bias.empty() ? nullptr : layer.bias.data()};
}

}  // namespace

StageRows::Needs Forward::Pass::needs_of_experts(const PackedLayer& layer) const {
  StageRows::Needs needs = this->needs({&layer.shared.gate, &layer.shared.up});
  for (const PackedMlp& expert : layer.experts) {
    needs.add(expert.gate, activations_);
    needs.add(expert.up, activations_);
  }
  return needs;
}

StageRows::Needs Forward::Pass::needs_of_down(const PackedLayer& layer) const {
  StageRows::Needs needs = this->needs({&layer.shared.down});
  for (const PackedMlp& expert : layer.experts) {
    needs.add(expert.down, activations_);
  }
  return needs;
}

// The gate sees f32 activations whatever the others see (engine.md 1.7 d).
void Forward::Pass::choose_experts(const PackedLayer& layer, int index) {
  const int tokens = row_count();
  const auto experts = size(config_.n_routed_experts);
  const auto chosen = size(config_.num_experts_per_tok);
  scores_.resize(size(tokens) * experts);
  chosen_.resize(size(tokens) * chosen);
  chosen_weight_.resize(chosen_.size());
  third_.reset(tokens, config_.hidden_size, {.planes = false, .raw = true},
               kernels::Activations::f32);
  const auto width = size(config_.hidden_size);
  workers_.run(tokens, [&](int r) { third_.set(r, normed_.data() + size(r) * width); });
  linear({{.w = &layer.gate,
           .x = &third_,
           .rows = tokens,
           .y = scores_.data(),
           .y_stride = static_cast<std::int64_t>(experts)}});
  const kernels::Gate gate = gate_of(config_, layer);
  workers_.run(tokens, [&](int r) {
    kernels::route(gate, {scores_.data() + size(r) * experts, experts},
                   {chosen_.data() + size(r) * chosen, chosen},
                   {chosen_weight_.data() + size(r) * chosen, chosen});
  });
  // Rows sorted by expert, by counting.
  expert_begin_.assign(experts + 1, 0);
  for (const int expert : chosen_) {
    ++expert_begin_[size(expert) + 1];
  }
  for (std::size_t e = 0; e < experts; ++e) {
    expert_begin_[e + 1] += expert_begin_[e];
  }
  std::vector<int> next(expert_begin_.begin(), expert_begin_.end() - 1);
  slot_.resize(chosen_.size());
  for (std::size_t i = 0; i < chosen_.size(); ++i) {
    slot_[i] = next[size(chosen_[i])]++;
    const std::span<std::uint32_t> counts = steps_[size(rows_[i / chosen].step)].chosen;
    if (!counts.empty()) {
      ++counts[size(index) * experts + size(chosen_[i])];
    }
  }
}

void Forward::Pass::moe(const PackedLayer& layer, int index) {
  choose_experts(layer, index);
  run_experts(layer);
  const int chosen = config_.num_experts_per_tok;
  const std::int64_t width = config_.hidden_size;
  if (layer.shared.gate.empty()) {
    update_.assign(size(row_count() * width), 0.0F);
  }
  // Experts in the order in which they were chosen, on top of the shared one.
  workers_.run(row_count(), [&](int r) {
    float* sum = update_.data() + r * width;
    for (int i = r * chosen; i < (r + 1) * chosen; ++i) {
      ops_.add_scaled({.x = expert_out_.data() + slot_[size(i)] * width,
                       .scale = chosen_weight_[size(i)],
                       .y = sum,
                       .count = width});
    }
  });
  add_to_stream(update_);
}

// All experts of the layer, the shared one included, in two stages: gate and up, then down.
void Forward::Pass::run_experts(const PackedLayer& layer) {
  const int tokens = row_count();
  const auto rows = static_cast<int>(chosen_.size());
  const int chosen = config_.num_experts_per_tok;
  const std::int64_t inner = config_.moe_intermediate_size;
  const std::int64_t width = config_.hidden_size;
  const std::int64_t shared_inner = layer.shared.gate.empty() ? 0 : layer.shared.gate.view.rows;
  StageRows& sorted = second_;
  sorted.reset(rows, config_.hidden_size, needs_of_experts(layer), activations_);
  workers_.run(rows, [&](int i) { sorted.copy(slot_[size(i)], stage_, i / chosen); });
  gate_.resize(size(rows * inner));
  up_.resize(gate_.size());
  shared_gate_.resize(size(tokens * shared_inner));
  shared_up_.resize(shared_gate_.size());
  std::vector<LinearJob> jobs;
  const auto add = [&](const PackedMatrix& w, const LinearJob& job) {
    jobs.push_back(job);
    jobs.back().w = &w;
  };
  const auto of_expert = [&](std::size_t e, const StageRows& x, float* y, std::int64_t stride) {
    return LinearJob{.x = &x,
                     .first_row = expert_begin_[e],
                     .rows = expert_begin_[e + 1] - expert_begin_[e],
                     .y = y + expert_begin_[e] * stride,
                     .y_stride = stride};
  };
  for (std::size_t e = 0; e < layer.experts.size(); ++e) {
    add(layer.experts[e].gate, of_expert(e, sorted, gate_.data(), inner));
    add(layer.experts[e].up, of_expert(e, sorted, up_.data(), inner));
  }
  if (shared_inner > 0) {
    add(layer.shared.gate,
        {.x = &stage_, .rows = tokens, .y = shared_gate_.data(), .y_stride = shared_inner});
    add(layer.shared.up,
        {.x = &stage_, .rows = tokens, .y = shared_up_.data(), .y_stride = shared_inner});
  }
  linear(jobs);
  silu_mul(gate_, up_, rows * inner);
  silu_mul(shared_gate_, shared_up_, tokens * shared_inner);

  StageRows& down = third_;
  StageRows& shared_down = stage_;
  down.reset(rows, static_cast<int>(inner), needs_of_down(layer), activations_);
  workers_.run(rows, [&](int i) { down.set(i, gate_.data() + i * inner); });
  expert_out_.resize(size(rows * width));
  jobs.clear();
  for (std::size_t e = 0; e < layer.experts.size(); ++e) {
    add(layer.experts[e].down, of_expert(e, down, expert_out_.data(), width));
  }
  if (shared_inner > 0) {
    shared_down.reset(tokens, static_cast<int>(shared_inner), needs_of_down(layer), activations_);
    workers_.run(tokens,
                 [&](int r) { shared_down.set(r, shared_gate_.data() + r * shared_inner); });
    update_.resize(size(tokens * width));
    add(layer.shared.down,
        {.x = &shared_down, .rows = tokens, .y = update_.data(), .y_stride = width});
  }
  linear(jobs);
}

}  // namespace assay::engine
