#include "backends/engine/forward.h"

#include <algorithm>
#include <cmath>

#include "backends/engine/forward_pass.h"

namespace assay::engine {

using kernels::LatentPage;

namespace {

constexpr int logits_rows_max = 64;  // rows of logits held at once

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

}  // namespace

Forward::Pass::Pass(const PackedModel& model, kernels::Workers& workers,
                    const ForwardOptions& options)
    : model_(model),
      config_(model.config),
      workers_(workers),
      ops_(kernels::ops(options.unit)),
      activations_(options.activations),
      page_(page_of(model.config, options)),
      frequencies_(frequencies_of(model.config)),
      softmax_scale_(softmax_scale(model.config)),
      rope_multiplier_(rope_multiplier(model.config)) {}

StageRows::Needs Forward::Pass::needs(std::initializer_list<const PackedMatrix*> matrices) const {
  StageRows::Needs needs;
  for (const PackedMatrix* matrix : matrices) {
    needs.add(*matrix, activations_);
  }
  return needs;
}

StageRows::Needs Forward::Pass::needs(const std::vector<PackedMatrix>& matrices) const {
  StageRows::Needs needs;
  for (const PackedMatrix& matrix : matrices) {
    needs.add(matrix, activations_);
  }
  return needs;
}

Forward::Forward(const PackedModel& model, kernels::Workers& workers, const ForwardOptions& options)
    : pass_(std::make_unique<Pass>(model, workers, options)) {}

Forward::~Forward() = default;

kernels::LatentPage Forward::page_of(const Config& config, const ForwardOptions& options) {
  return {.form = options.pages,
          .latent = config.kv_lora_rank,
          .width = config.kv_lora_rank + config.qk_rope_head_dim};
}

std::size_t Forward::page_values(const Config& config, const ForwardOptions& options) {
  return size(config.num_hidden_layers * page_of(config, options).size());
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
      // An expert with few rows reads values where the others read tiles.
      StageRows::Form both = form(row_count());
      both.sides.values = true;
      normalise(layer.post_norm, needs_of_experts(layer), both);
      moe(layer, i);
    } else {
      normalise(layer.post_norm, needs({&layer.mlp.gate, &layer.mlp.up}), form(row_count()));
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
  page_begins_.clear();
  for (std::size_t s = 0; s < steps.size(); ++s) {
    for (std::size_t t = 0; t < steps[s].tokens.size(); ++t) {
      const int position = steps[s].position + static_cast<int>(t);
      rows_.push_back({static_cast<int>(s), static_cast<int>(t), position});
      const std::size_t row = visible_.size();
      if (t == 0 || position % LatentPage::positions == 0) {
        page_begins_.push_back(row);
      }
      page_tables_.push_back(steps[s].pages.data());
      visible_.push_back(position + 1);
    }
  }
  page_begins_.push_back(visible_.size());
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

void Forward::Pass::normalise(const std::vector<float>& weight, StageRows::Needs needs,
                              const StageRows::Form& form) {
  const auto width = size(config_.hidden_size);
  normed_.resize(rows_.size() * width);
  stage_.reset(row_count(), config_.hidden_size, needs, form);
  workers_.run(row_count(), [&](int r) {
    float* y = normed_.data() + size(r) * width;
    norm_row(x_.data() + size(r) * width, weight, y);
    stage_.set(r, y);
  });
}

void Forward::Pass::add_to_stream(const std::vector<float>& update) {
  const auto width = size(config_.hidden_size);
  workers_.run(row_count(), [&](int r) {
    const std::size_t at = size(r) * width;
    ops_.add_scaled({.x = update.data() + at, .y = x_.data() + at, .count = config_.hidden_size});
  });
}

void Forward::Pass::silu_row(std::int64_t r, std::vector<float>& gate, const std::vector<float>& up,
                             std::int64_t width) {
  float* values = gate.data() + r * width;
  ops_.silu_mul({.gate = values, .up = up.data() + r * width, .y = values, .count = width});
}

void Forward::Pass::mlp(const PackedMlp& weights) {
  const int tokens = row_count();
  const std::int64_t inner = weights.gate.view.rows;
  const std::int64_t width = config_.hidden_size;
  gate_.resize(size(tokens * inner));
  up_.resize(gate_.size());
  linear({{.w = &weights.gate, .x = &stage_, .rows = tokens, .y = gate_.data(), .y_stride = inner},
          {.w = &weights.up, .x = &stage_, .rows = tokens, .y = up_.data(), .y_stride = inner}});
  second_.reset(tokens, static_cast<int>(inner), needs({&weights.down}), form(tokens));
  workers_.run(tokens, [&](int r) {
    silu_row(r, gate_, up_, inner);
    second_.set(r, gate_.data() + r * inner);
  });
  update_.resize(size(tokens * width));
  linear({{.w = &weights.down,
           .x = &second_,
           .rows = tokens,
           .y = update_.data(),
           .y_stride = width}});
  add_to_stream(update_);
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
    stage_.reset(count, config_.hidden_size, needs({&model_.lm_head}), form(count));
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
