// Models with random weights, built in memory.
#pragma once

#include <cmath>
#include <deque>
#include <memory>

#include "backends/engine/model.h"
#include "tests/kernels/op_cases.h"

namespace assay::engine {

// Small, with every feature of the family at once; sizes are not multiples of anything.
inline Config small_v3() {
  Config c;
  c.vocab_size = 203;
  c.hidden_size = 72;
  c.intermediate_size = 100;
  c.moe_intermediate_size = 40;
  c.num_hidden_layers = 3;
  c.num_attention_heads = 5;
  c.q_lora_rank = 48;
  c.kv_lora_rank = 56;
  c.qk_nope_head_dim = 24;
  c.qk_rope_head_dim = 12;
  c.v_head_dim = 20;
  c.n_routed_experts = 12;
  c.n_shared_experts = 1;
  c.num_experts_per_tok = 3;
  c.n_group = 4;
  c.topk_group = 2;
  c.norm_topk_prob = true;
  c.routed_scaling_factor = 2.5;
  c.first_k_dense_replace = 1;
  c.yarn = Yarn{.factor = 40, .mscale = 1, .mscale_all_dim = 1};
  c.max_position_embeddings = 4096;
  return c;
}

inline Config small_v2() {
  Config c = small_v3();
  c.family = Family::deepseek_v2;
  c.q_lora_rank = 0;
  c.n_shared_experts = 2;
  c.n_group = 1;
  c.topk_group = 1;
  c.topk_method = TopkMethod::greedy;
  c.scoring = Scoring::softmax;
  c.norm_topk_prob = false;
  c.routed_scaling_factor = 1;
  c.yarn->mscale = 0.707;
  c.yarn->mscale_all_dim = 0.707;
  return c;
}

// Owns the tensors of a model of this shape; matrices are of `dtype`, except those that checkpoints
// keep wide when they use FP8.
class RandomModel {
 public:
  RandomModel(const Config& config, kernels::Dtype dtype, std::uint64_t seed = 1)
      : dtype_(dtype), seed_(seed * 1000003) {
    model_.name = "random";
    model_.config = config;
    const kernels::Dtype wide = dtype == kernels::Dtype::f8_e4m3 ? kernels::Dtype::bf16 : dtype;
    model_.weights.embed = matrix(wide, config.vocab_size, config.hidden_size);
    model_.weights.norm = norm(config.hidden_size);
    model_.weights.lm_head = matrix(wide, config.vocab_size, config.hidden_size);
    for (int i = 0; i < config.num_hidden_layers; ++i) {
      model_.weights.layers.push_back(layer(i, wide));
    }
  }

  const Model& model() const { return model_; }

 private:
  Tensor keep(kernels::Dtype dtype, std::int64_t rows, std::int64_t cols) {
    tensors_.emplace_back(dtype, rows, cols, seed_++);
    return tensors_.back().tensor();
  }
  Tensor matrix(kernels::Dtype dtype, std::int64_t rows, std::int64_t cols) {
    return keep(dtype, rows, cols);
  }
  Tensor norm(std::int64_t cols) { return keep(kernels::Dtype::f32, 1, cols); }
  MlpWeights mlp(std::int64_t inner) {
    const std::int64_t hidden = model_.config.hidden_size;
    return {.gate = matrix(dtype_, inner, hidden),
            .up = matrix(dtype_, inner, hidden),
            .down = matrix(dtype_, hidden, inner)};
  }
  AttentionWeights attention() {
    const Config& c = model_.config;
    const std::int64_t heads = c.num_attention_heads;
    AttentionWeights w;
    const std::int64_t query_in = c.q_lora_rank > 0 ? c.q_lora_rank : c.hidden_size;
    if (c.q_lora_rank > 0) {
      w.q_a = matrix(dtype_, c.q_lora_rank, c.hidden_size);
      w.q_a_layernorm = norm(c.q_lora_rank);
    }
    (c.q_lora_rank > 0 ? w.q_b : w.q) = matrix(dtype_, heads * c.qk_head_dim(), query_in);
    w.kv_a = matrix(dtype_, c.kv_lora_rank + c.qk_rope_head_dim, c.hidden_size);
    w.kv_a_layernorm = norm(c.kv_lora_rank);
    w.kv_b = matrix(dtype_, heads * (c.qk_nope_head_dim + c.v_head_dim), c.kv_lora_rank);
    w.o = matrix(dtype_, c.hidden_size, heads * c.v_head_dim);
    return w;
  }
  LayerWeights layer(int index, kernels::Dtype wide) {
    const Config& c = model_.config;
    LayerWeights w;
    w.input_layernorm = norm(c.hidden_size);
    w.attention = attention();
    w.post_attention_layernorm = norm(c.hidden_size);
    if (!c.is_moe(index)) {
      w.mlp = mlp(c.intermediate_size);
      return w;
    }
    w.moe.gate = matrix(wide, c.n_routed_experts, c.hidden_size);
    if (c.topk_method == TopkMethod::noaux_tc) {
      w.moe.bias = keep(kernels::Dtype::f32, 1, c.n_routed_experts);
    }
    for (int e = 0; e < c.n_routed_experts; ++e) {
      w.moe.experts.push_back(mlp(c.moe_intermediate_size));
    }
    if (c.n_shared_experts > 0) {
      w.moe.shared = mlp(std::int64_t{c.n_shared_experts} * c.moe_intermediate_size);
    }
    return w;
  }

  kernels::Dtype dtype_;
  std::uint64_t seed_;
  std::deque<kernels::RandomTensor> tensors_;
  Model model_;
};

}  // namespace assay::engine
