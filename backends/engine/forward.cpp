#include "backends/engine/forward.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>

#include "backends/engine/stage.h"

namespace assay::engine {

using kernels::Activations;
using kernels::LatentAttention;
using kernels::PackedMatrix;

namespace {

constexpr int logits_rows_max = 64;  // rows of logits held at once

std::size_t size(std::int64_t count) {
  return static_cast<std::size_t>(count);
}

// softmax_scale = (P + R)^-0.5 * m(factor, mscale_all_dim)^2 (engine.md 1.4; 1.7 a: always applied)
float softmax_scale(const Config& config) {
  double scale = 1 / std::sqrt(static_cast<double>(config.qk_head_dim()));
  if (config.yarn && config.yarn->mscale_all_dim != 0) {
    const double m = kernels::yarn_mscale(config.yarn->factor, config.yarn->mscale_all_dim);
    scale *= m * m;
  }
  return static_cast<float>(scale);
}

// The multiplier on cosines and sines, as transformers derives it from the fields that are given.
float rope_multiplier(const Config& config) {
  if (!config.yarn) {
    return 1;
  }
  const Yarn& yarn = *config.yarn;
  if (yarn.attention_factor) {
    return static_cast<float>(*yarn.attention_factor);
  }
  if (yarn.mscale != 0 && yarn.mscale_all_dim != 0) {
    return static_cast<float>(kernels::yarn_mscale(yarn.factor, yarn.mscale) /
                              kernels::yarn_mscale(yarn.factor, yarn.mscale_all_dim));
  }
  return static_cast<float>(kernels::yarn_mscale(yarn.factor, 1));
}

std::vector<float> frequencies_of(const Config& config) {
  kernels::RopeParameters parameters{.dims = config.qk_rope_head_dim, .theta = config.rope_theta};
  if (config.yarn) {
    parameters.factor = config.yarn->factor;
    parameters.beta_fast = config.yarn->beta_fast;
    parameters.beta_slow = config.yarn->beta_slow;
    parameters.original_length = static_cast<double>(config.yarn->original_max_position_embeddings);
  }
  std::vector<float> frequencies(size(config.qk_rope_head_dim / 2));
  kernels::rope_frequencies(parameters, frequencies);
  return frequencies;
}

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

// A token of the step, whichever sequence it belongs to.
struct Row {
  int step = 0;
  int token = 0;     // index in the step
  int position = 0;  // in the sequence
};

}  // namespace

// Buffers grow to the largest step seen. T rows are in flight.
class Forward::Pass {
 public:
  Pass(const PackedModel& model, kernels::Workers& workers, const ForwardOptions& options)
      : model_(model),
        config_(model.config),
        workers_(workers),
        ops_(kernels::ops(options.unit)),
        activations_(options.activations),
        frequencies_(frequencies_of(model.config)),
        softmax_scale_(softmax_scale(model.config)),
        rope_multiplier_(rope_multiplier(model.config)) {}

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
  void logits(const LogitsSink& sink);

  // (rows) of `x_` normalised into `normed_`, and packed.
  void normalise(const std::vector<float>& weight, StageRows::Needs needs);
  void norm_row(const float* x, const std::vector<float>& weight, float* y) const;
  void linear(const std::vector<LinearJob>& jobs) { run_linear(jobs, ops_, workers_, cost_); }
  void silu_mul(std::vector<float>& gate, const std::vector<float>& up, std::int64_t count);
  void add_to_stream(const std::vector<float>& update);
  StageRows::Needs needs(std::initializer_list<const PackedMatrix*> matrices) const {
    return StageRows::needs(matrices, activations_);
  }
  int row_count() const { return static_cast<int>(rows_.size()); }

  const PackedModel& model_;
  const Config& config_;
  kernels::Workers& workers_;
  const kernels::Ops& ops_;
  const Activations activations_;
  const std::vector<float> frequencies_;  // (R / 2)
  const float softmax_scale_;
  const float rope_multiplier_;

  std::span<const SequenceStep> steps_;
  std::vector<Row> rows_;                         // (T)
  std::vector<const float* const*> page_tables_;  // (T)
  std::vector<int> visible_;                      // (T) positions each row sees, itself included
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
  std::vector<float> gate_;           // (T * k or T, inner)
  std::vector<float> up_;             // (T * k or T, inner)
  std::vector<float> shared_gate_;    // (T, n_s * I)
  std::vector<float> shared_up_;      // (T, n_s * I)
  std::vector<float> expert_out_;     // (T * k, H)
  std::vector<float> scores_;         // (T, E)
  std::vector<int> chosen_;           // (T, k)
  std::vector<float> chosen_weight_;  // (T, k)
  std::vector<int> slot_;             // (T, k) row of the choice among the rows sorted by expert
  std::vector<int> expert_begin_;     // (E + 1)
  std::vector<float> logits_;         // (logits_rows_max, V)
  StageRows stage_;
  StageRows second_;
  StageRows third_;
};

Forward::Forward(const PackedModel& model, kernels::Workers& workers, const ForwardOptions& options)
    : pass_(std::make_unique<Pass>(model, workers, options)) {}

Forward::~Forward() = default;

int Forward::position_stride(const Config& config) {
  return (config.kv_lora_rank + config.qk_rope_head_dim + 15) / 16 * 16;
}

std::size_t Forward::page_values(const Config& config) {
  return size(config.num_hidden_layers) * LatentAttention::page_positions *
         size(position_stride(config));
}

StepCost Forward::run(std::span<const SequenceStep> steps, const LogitsSink& sink) {
  return pass_->run(steps, sink);
}

StepCost Forward::Pass::run(std::span<const SequenceStep> steps, const LogitsSink& sink) {
  lay_out(steps);
  rotate_table();
  embed();
  for (int i = 0; i < config_.num_hidden_layers; ++i) {
    const PackedLayer& layer = model_.layers[size(i)];
    attention(layer, i);
    if (layer.moe) {
      normalise(layer.post_norm, {.planes = activations_ != Activations::f32, .raw = true});
      moe(layer, i);
    } else {
      normalise(layer.post_norm, needs({&layer.mlp.gate, &layer.mlp.up}));
      mlp(layer.mlp);
    }
  }
  logits(sink);
  return {.weight_bytes = cost_.bytes, .cache_bytes = cache_bytes_, .flop = cost_.flop};
}

void Forward::Pass::lay_out(std::span<const SequenceStep> steps) {
  steps_ = steps;
  cost_ = {};
  cache_bytes_ = 0;
  rows_.clear();
  page_tables_.clear();
  visible_.clear();
  for (std::size_t s = 0; s < steps.size(); ++s) {
    for (std::size_t t = 0; t < steps[s].tokens.size(); ++t) {
      const int position = steps[s].position + static_cast<int>(t);
      rows_.push_back({static_cast<int>(s), static_cast<int>(t), position});
      page_tables_.push_back(steps[s].pages.data());
      visible_.push_back(position + 1);
    }
  }
}

// Angles are formed in f32, as transformers does: at far positions the rounding of the angle is
// part of what a model computes.
void Forward::Pass::rotate_table() {
  const std::size_t half = frequencies_.size();
  cosines_.resize(rows_.size() * half);
  sines_.resize(rows_.size() * half);
  workers_.run(row_count(), [&](int r) {
    for (std::size_t i = 0; i < half; ++i) {
      const float angle = static_cast<float>(rows_[size(r)].position) * frequencies_[i];
      const auto exact = static_cast<double>(angle);
      cosines_[size(r) * half + i] = static_cast<float>(std::cos(exact)) * rope_multiplier_;
      sines_[size(r) * half + i] = static_cast<float>(std::sin(exact)) * rope_multiplier_;
    }
  });
}

void Forward::Pass::embed() {
  const auto width = size(config_.hidden_size);
  x_.resize(rows_.size() * width);
  workers_.run(row_count(), [&](int r) {
    const Row& row = rows_[size(r)];
    const int id = steps_[size(row.step)].tokens[size(row.token)];
    for (std::size_t c = 0; c < width; ++c) {
      x_[size(r) * width + c] = kernels::element(model_.embed, id, static_cast<std::int64_t>(c));
    }
  });
}

void Forward::Pass::norm_row(const float* x, const std::vector<float>& weight, float* y) const {
  const auto cols = static_cast<int>(weight.size());
  ops_.rms_norm({.x = x,
                 .weight = weight.data(),
                 .y = y,
                 .rows = 1,
                 .cols = cols,
                 .x_stride = cols,
                 .y_stride = cols,
                 .eps = static_cast<float>(config_.rms_norm_eps)});
}

void Forward::Pass::normalise(const std::vector<float>& weight, StageRows::Needs needs) {
  const auto width = size(config_.hidden_size);
  normed_.resize(rows_.size() * width);
  stage_.reset(row_count(), config_.hidden_size, needs, activations_);
  workers_.run(row_count(), [&](int r) {
    float* y = normed_.data() + size(r) * width;
    norm_row(x_.data() + size(r) * width, weight, y);
    stage_.set(r, y);
  });
}

void Forward::Pass::add_to_stream(const std::vector<float>& update) {
  const auto width = size(config_.hidden_size);
  workers_.run(row_count(), [&](int r) {
    for (std::size_t c = size(r) * width; c < (size(r) + 1) * width; ++c) {
      x_[c] += update[c];
    }
  });
}

void Forward::Pass::attention(const PackedLayer& layer, int index) {
  const std::int64_t width = config_.hidden_size;
  const std::int64_t concatenated = std::int64_t{config_.num_attention_heads} * config_.v_head_dim;
  normalise(layer.input_norm, needs({&layer.kv_a, layer.q_a.empty() ? &layer.q : &layer.q_a}));
  project_queries(layer);
  write_cache(layer, index);
  absorb_queries(layer);
  attend(index);

  // Out of the latent space, head by head, and together through o_proj.
  const int heads = config_.num_attention_heads;
  const int tokens = row_count();
  second_.reset(tokens * heads, config_.kv_lora_rank, needs({&layer.value_up[0]}), activations_);
  workers_.run(tokens, [&](int r) {
    for (int h = 0; h < heads; ++h) {
      const std::int64_t at = std::int64_t{r} * heads + h;
      second_.set(h * tokens + r, latent_.data() + at * config_.kv_lora_rank);
    }
  });
  heads_.resize(size(tokens * concatenated));
  std::vector<LinearJob> jobs;
  for (int h = 0; h < heads; ++h) {
    jobs.push_back({.w = &layer.value_up[size(h)],
                    .x = &second_,
                    .first_row = h * tokens,
                    .rows = tokens,
                    .y = heads_.data() + std::int64_t{h} * config_.v_head_dim,
                    .y_stride = concatenated});
  }
  linear(jobs);
  third_.reset(tokens, static_cast<int>(concatenated), needs({&layer.o}), activations_);
  workers_.run(tokens, [&](int r) { third_.set(r, heads_.data() + r * concatenated); });
  update_.resize(size(tokens * width));
  linear({{.w = &layer.o, .x = &third_, .rows = tokens, .y = update_.data(), .y_stride = width}});
  add_to_stream(update_);
}

void Forward::Pass::project_queries(const PackedLayer& layer) {
  const int tokens = row_count();
  const std::int64_t query_width =
      std::int64_t{config_.num_attention_heads} * config_.qk_head_dim();
  const int kv_width = config_.kv_lora_rank + config_.qk_rope_head_dim;
  kv_low_.resize(size(std::int64_t{tokens} * kv_width));
  queries_.resize(size(tokens * query_width));
  const LinearJob kv = {
      .w = &layer.kv_a, .x = &stage_, .rows = tokens, .y = kv_low_.data(), .y_stride = kv_width};
  LinearJob queries = {
      .w = &layer.q, .x = &stage_, .rows = tokens, .y = queries_.data(), .y_stride = query_width};
  if (layer.q_a.empty()) {
    linear({queries, kv});
    return;
  }
  const int rank = config_.q_lora_rank;
  q_low_.resize(size(std::int64_t{tokens} * rank));
  linear(
      {{.w = &layer.q_a, .x = &stage_, .rows = tokens, .y = q_low_.data(), .y_stride = rank}, kv});
  second_.reset(tokens, rank, needs({&layer.q}), activations_);
  workers_.run(tokens, [&](int r) {
    float* low = q_low_.data() + std::int64_t{r} * rank;
    norm_row(low, layer.q_norm, low);
    second_.set(r, low);
  });
  queries.x = &second_;
  linear({queries});
}

// [ normalised c, rotated kr ] of every row to its place in the sequence's pages.
void Forward::Pass::write_cache(const PackedLayer& layer, int index) {
  const int stride = position_stride(config_);
  const int latent = config_.kv_lora_rank;
  const int rope_width = config_.qk_rope_head_dim;
  const std::size_t half = frequencies_.size();
  workers_.run(row_count(), [&](int r) {
    const Row& row = rows_[size(r)];
    const float* low = kv_low_.data() + std::int64_t{r} * (latent + rope_width);
    float* page =
        steps_[size(row.step)].pages[size(row.position / LatentAttention::page_positions)];
    float* place = page + (std::int64_t{index} * LatentAttention::page_positions +
                           row.position % LatentAttention::page_positions) *
                              stride;
    norm_row(low, layer.kv_norm, place);
    std::copy_n(low + latent, rope_width, place + latent);
    std::fill(place + latent + rope_width, place + stride, 0.0F);
    kernels::rope({place + latent, size(rope_width)}, {cosines_.data() + size(r) * half, half},
                  {sines_.data() + size(r) * half, half});
  });
}

// Every head's query as [ W_UK q_nope, rotated q_rope ], as wide as a cached position.
void Forward::Pass::absorb_queries(const PackedLayer& layer) {
  const int tokens = row_count();
  const int heads = config_.num_attention_heads;
  const int stride = position_stride(config_);
  const int latent = config_.kv_lora_rank;
  const int nope = config_.qk_nope_head_dim;
  const int rope_width = config_.qk_rope_head_dim;
  const std::size_t half = frequencies_.size();
  absorbed_.resize(size(std::int64_t{tokens} * heads * stride));
  second_.reset(tokens * heads, nope, needs({&layer.key_up[0]}), activations_);
  workers_.run(tokens, [&](int r) {
    for (int h = 0; h < heads; ++h) {
      const std::int64_t at = std::int64_t{r} * heads + h;
      const float* query = queries_.data() + at * (nope + rope_width);
      float* place = absorbed_.data() + at * stride;
      second_.set(h * tokens + r, query);
      std::copy_n(query + nope, rope_width, place + latent);
      std::fill(place + latent + rope_width, place + stride, 0.0F);
      kernels::rope({place + latent, size(rope_width)}, {cosines_.data() + size(r) * half, half},
                    {sines_.data() + size(r) * half, half});
    }
  });
  std::vector<LinearJob> jobs;
  for (int h = 0; h < heads; ++h) {
    jobs.push_back({.w = &layer.key_up[size(h)],
                    .x = &second_,
                    .first_row = h * tokens,
                    .rows = tokens,
                    .y = absorbed_.data() + std::int64_t{h} * stride,
                    .y_stride = std::int64_t{heads} * stride});
  }
  linear(jobs);
}

void Forward::Pass::attend(int index) {
  const int tokens = row_count();
  const int heads = config_.num_attention_heads;
  const int stride = position_stride(config_);
  latent_.resize(size(std::int64_t{tokens} * heads * config_.kv_lora_rank));
  constexpr int heads_per_task = 8;
  const int tasks_per_row = (heads + heads_per_task - 1) / heads_per_task;
  const LatentAttention whole = {
      .q = absorbed_.data(),
      .out = latent_.data(),
      .pages = page_tables_.data(),
      .page_offset = std::int64_t{index} * LatentAttention::page_positions * stride,
      .visible = visible_.data(),
      .heads = heads,
      .latent = config_.kv_lora_rank,
      .stride = stride,
      .scale = softmax_scale_};
  workers_.run(tokens * tasks_per_row, [&](int i) {
    LatentAttention part = whole;
    part.row_begin = i / tasks_per_row;
    part.row_end = part.row_begin + 1;
    part.head_begin = i % tasks_per_row * heads_per_task;
    part.head_end = std::min(part.head_begin + heads_per_task, heads);
    ops_.attention(part);
  });
  const int width = config_.kv_lora_rank + config_.qk_rope_head_dim;
  for (const int visible : visible_) {
    cache_bytes_ += 1.0 * visible * width * sizeof(float);
    cost_.flop += 2.0 * visible * heads * (width + config_.kv_lora_rank);
  }
}

void Forward::Pass::silu_mul(std::vector<float>& gate, const std::vector<float>& up,
                             std::int64_t count) {
  constexpr std::int64_t piece = 4096;
  workers_.run(static_cast<int>((count + piece - 1) / piece), [&](int i) {
    const std::int64_t begin = i * piece;
    float* values = gate.data() + begin;
    ops_.silu_mul({.gate = values,
                   .up = up.data() + begin,
                   .y = values,
                   .count = std::min(piece, count - begin)});
  });
}

void Forward::Pass::mlp(const PackedMlp& weights) {
  const int tokens = row_count();
  const std::int64_t inner = weights.gate.view.rows;
  const std::int64_t width = config_.hidden_size;
  gate_.resize(size(tokens * inner));
  up_.resize(gate_.size());
  linear({{.w = &weights.gate, .x = &stage_, .rows = tokens, .y = gate_.data(), .y_stride = inner},
          {.w = &weights.up, .x = &stage_, .rows = tokens, .y = up_.data(), .y_stride = inner}});
  silu_mul(gate_, up_, tokens * inner);
  second_.reset(tokens, static_cast<int>(inner), needs({&weights.down}), activations_);
  workers_.run(tokens, [&](int r) { second_.set(r, gate_.data() + r * inner); });
  update_.resize(size(tokens * width));
  linear({{.w = &weights.down,
           .x = &second_,
           .rows = tokens,
           .y = update_.data(),
           .y_stride = width}});
  add_to_stream(update_);
}

// The gate sees f32 activations whatever the others see (engine.md 1.7 d).
void Forward::Pass::choose_experts(const PackedLayer& layer, int index) {
  const int tokens = row_count();
  const auto experts = size(config_.n_routed_experts);
  const auto chosen = size(config_.num_experts_per_tok);
  scores_.resize(size(tokens) * experts);
  chosen_.resize(size(tokens) * chosen);
  chosen_weight_.resize(chosen_.size());
  third_.reset(tokens, config_.hidden_size, {.planes = false, .raw = true}, Activations::f32);
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
  const bool shared = !layer.shared.gate.empty();
  workers_.run(row_count(), [&](int r) {
    float* x = x_.data() + r * width;
    for (std::int64_t c = 0; c < width; ++c) {
      float sum = 0;
      for (int i = r * chosen; i < (r + 1) * chosen; ++i) {
        sum += chosen_weight_[size(i)] * expert_out_[size(slot_[size(i)] * width + c)];
      }
      x[c] += shared ? sum + update_[size(r * width + c)] : sum;
    }
  });
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
  sorted.reset(rows, config_.hidden_size, {.planes = activations_ != Activations::f32, .raw = true},
               activations_);
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
  const StageRows::Needs both = {.planes = activations_ != Activations::f32, .raw = true};
  down.reset(rows, static_cast<int>(inner), both, activations_);
  workers_.run(rows, [&](int i) { down.set(i, gate_.data() + i * inner); });
  expert_out_.resize(size(rows * width));
  jobs.clear();
  for (std::size_t e = 0; e < layer.experts.size(); ++e) {
    add(layer.experts[e].down, of_expert(e, down, expert_out_.data(), width));
  }
  if (shared_inner > 0) {
    shared_down.reset(tokens, static_cast<int>(shared_inner), both, activations_);
    workers_.run(tokens,
                 [&](int r) { shared_down.set(r, shared_gate_.data() + r * shared_inner); });
    update_.resize(size(tokens * width));
    add(layer.shared.down,
        {.x = &shared_down, .rows = tokens, .y = update_.data(), .y_stride = width});
  }
  linear(jobs);
}

void Forward::Pass::logits(const LogitsSink& sink) {
  std::vector<int> wanted;
  for (int r = 0; r < row_count(); ++r) {
    const Row& row = rows_[size(r)];
    if (row.token >= steps_[size(row.step)].logits_from) {
      wanted.push_back(r);
    }
  }
  const auto width = size(config_.hidden_size);
  const auto vocabulary = size(config_.vocab_size);
  for (std::size_t begin = 0; begin < wanted.size(); begin += logits_rows_max) {
    const auto count =
        static_cast<int>(std::min(wanted.size() - begin, std::size_t{logits_rows_max}));
    stage_.reset(count, config_.hidden_size, needs({&model_.lm_head}), activations_);
    logits_.resize(std::max(logits_.size(), size(count) * vocabulary));
    workers_.run(count, [&](int i) {
      const std::size_t r = size(wanted[begin + size(i)]);
      norm_row(x_.data() + r * width, model_.norm, normed_.data() + r * width);
      stage_.set(i, normed_.data() + r * width);
    });
    linear({{.w = &model_.lm_head,
             .x = &stage_,
             .rows = count,
             .y = logits_.data(),
             .y_stride = config_.vocab_size}});
    workers_.run(count, [&](int i) {
      const Row& row = rows_[size(wanted[begin + size(i)])];
      sink(row.step, row.token, {logits_.data() + size(i) * vocabulary, vocabulary});
    });
  }
}

}  // namespace assay::engine
