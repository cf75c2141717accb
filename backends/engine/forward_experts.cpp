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

// The gate sees f32 activations whatever the others see (engine.md 1.7 d); three planes of bf16
// hold all 24 bits of one.
void Forward::Pass::choose_experts(const PackedLayer& layer, int index) {
  const int tokens = row_count();
  const auto experts = size(config_.n_routed_experts);
  const auto chosen = size(config_.num_experts_per_tok);
  scores_.resize(size(tokens) * experts);
  chosen_.resize(size(tokens) * chosen);
  chosen_weight_.resize(chosen_.size());
  constexpr kernels::Activations exact = kernels::Activations::bf16x3;
  StageRows::Needs needs;
  needs.add(layer.gate, exact);
  third_.reset(tokens, config_.hidden_size, needs,
               {.activations = exact, .sides = form(tokens).sides});
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
  expert_rows_.assign(experts, 0);
  for (const int expert : chosen_) {
    ++expert_rows_[size(expert)];
  }
  for (std::size_t e = 0; e < experts; ++e) {
    const int begin = expert_begin_[e];
    expert_begin_[e] = tiled(expert_rows_[e]) ? (begin + 15) / 16 * 16 : begin;
    expert_begin_[e + 1] = expert_begin_[e] + expert_rows_[e];
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

// The job of one expert: its rows of `x` to its rows of `y`.
LinearJob Forward::Pass::expert_job(std::size_t expert, const PackedMatrix& w, const StageRows& x,
                                    float* y) const {
  const std::int64_t stride = w.view.rows;
  return {.w = &w,
          .x = &x,
          .first_row = expert_begin_[expert],
          .rows = expert_rows_[expert],
          .y = y + expert_begin_[expert] * stride,
          .y_stride = stride};
}

// All experts of the layer, the shared one included, in two stages: gate and up, then down.
void Forward::Pass::run_experts(const PackedLayer& layer) {
  const int tokens = row_count();
  const auto choices = static_cast<int>(chosen_.size());
  const int chosen = config_.num_experts_per_tok;
  const int slots = expert_begin_.back();
  const std::int64_t inner = config_.moe_intermediate_size;
  const std::int64_t width = config_.hidden_size;
  const std::int64_t shared_inner = layer.shared.gate.empty() ? 0 : layer.shared.gate.view.rows;
  const auto sides_of = [&](int choice) {
    return form(expert_rows_[size(chosen_[size(choice)])]).sides;
  };
  StageRows::Form both = form(tokens);
  both.sides.values = true;
  StageRows& sorted = second_;
  sorted.reset(slots, config_.hidden_size, needs_of_experts(layer), both);
  workers_.run(choices,
               [&](int i) { sorted.copy(slot_[size(i)], stage_, i / chosen, sides_of(i)); });
  gate_.resize(size(slots * inner));
  up_.resize(gate_.size());
  shared_gate_.resize(size(tokens * shared_inner));
  shared_up_.resize(shared_gate_.size());
  std::vector<LinearJob> jobs;
  for (std::size_t e = 0; e < layer.experts.size(); ++e) {
    jobs.push_back(expert_job(e, layer.experts[e].gate, sorted, gate_.data()));
    jobs.push_back(expert_job(e, layer.experts[e].up, sorted, up_.data()));
  }
  if (shared_inner > 0) {
    for (auto& [w, y] : {std::pair(&layer.shared.gate, shared_gate_.data()),
                         std::pair(&layer.shared.up, shared_up_.data())}) {
      jobs.push_back({.w = w, .x = &stage_, .rows = tokens, .y = y, .y_stride = shared_inner});
    }
  }
  linear(jobs);

  StageRows& down = third_;
  StageRows& shared_down = stage_;
  down.reset(slots, static_cast<int>(inner), needs_of_down(layer), both);
  workers_.run(choices, [&](int i) {
    const int slot = slot_[size(i)];
    silu_row(slot, gate_, up_, inner);
    down.set(slot, gate_.data() + slot * inner, sides_of(i));
  });
  expert_out_.resize(size(slots * width));
  jobs.clear();
  for (std::size_t e = 0; e < layer.experts.size(); ++e) {
    jobs.push_back(expert_job(e, layer.experts[e].down, down, expert_out_.data()));
  }
  if (shared_inner > 0) {
    shared_down.reset(tokens, static_cast<int>(shared_inner), needs_of_down(layer), form(tokens));
    workers_.run(tokens, [&](int r) {
      silu_row(r, shared_gate_, shared_up_, shared_inner);
      shared_down.set(r, shared_gate_.data() + r * shared_inner);
    });
    update_.resize(size(tokens * width));
    jobs.push_back({.w = &layer.shared.down,
                    .x = &shared_down,
                    .rows = tokens,
                    .y = update_.data(),
                    .y_stride = width});
  }
  linear(jobs);
}

}  // namespace assay::engine
