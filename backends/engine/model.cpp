#include "backends/engine/model.h"

#include <fmt/core.h>

#include "kernels/ops.h"

namespace assay::engine {

namespace {

// Collects the first complaint; later ones are usually its consequences.
class Complaint {
 public:
  void require(bool holds, const std::string& text) {
    if (!holds && text_.empty()) {
      text_ = text;
    }
  }
  void shape(const Tensor& tensor, const std::string& name, std::int64_t rows, std::int64_t cols) {
    require(!tensor.empty(), name + " is missing");
    require(
        tensor.rows == rows && tensor.cols == cols,
        fmt::format("{} is {} x {}, expected {} x {}", name, tensor.rows, tensor.cols, rows, cols));
    require(tensor.dtype != kernels::Dtype::f8_e4m3 || tensor.scales != nullptr,
            name + " is FP8 without block scales");
  }
  void mlp(const MlpWeights& mlp, const std::string& name, std::int64_t inner,
           std::int64_t hidden) {
    shape(mlp.gate, name + ".gate_proj", inner, hidden);
    shape(mlp.up, name + ".up_proj", inner, hidden);
    shape(mlp.down, name + ".down_proj", hidden, inner);
  }
  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

void check_sizes(const Config& c, Complaint& complaint) {
  const auto positive = [&](std::int64_t value, const char* name) {
    complaint.require(value > 0 && value <= (std::int64_t{1} << 30),
                      fmt::format("{} is {}, expected a positive number", name, value));
  };
  positive(c.vocab_size, "vocab_size");
  positive(c.hidden_size, "hidden_size");
  positive(c.num_hidden_layers, "num_hidden_layers");
  positive(c.num_attention_heads, "num_attention_heads");
  positive(c.kv_lora_rank, "kv_lora_rank");
  positive(c.qk_nope_head_dim, "qk_nope_head_dim");
  positive(c.qk_rope_head_dim, "qk_rope_head_dim");
  positive(c.v_head_dim, "v_head_dim");
  positive(c.max_position_embeddings, "max_position_embeddings");
  complaint.require(c.q_lora_rank >= 0, "q_lora_rank is negative");
  complaint.require(c.qk_rope_head_dim % 2 == 0, "qk_rope_head_dim is odd");
  complaint.require(c.rms_norm_eps >= 0, "rms_norm_eps is negative");
  complaint.require(c.rope_theta > 1, "rope_theta is not above 1");
  complaint.require(c.kv_lora_rank + c.qk_rope_head_dim <= kernels::LatentAttention::stride_max,
                    fmt::format("kv_lora_rank + qk_rope_head_dim is above {}",
                                kernels::LatentAttention::stride_max));
  if (c.yarn) {
    complaint.require(c.yarn->factor >= 1, "rope_scaling.factor is below 1");
    complaint.require(c.yarn->original_max_position_embeddings > 0,
                      "rope_scaling.original_max_position_embeddings is not positive");
    complaint.require(c.yarn->beta_fast > 0 && c.yarn->beta_slow > 0,
                      "rope_scaling.beta_fast and beta_slow must be positive");
  }
}

void check_experts(const Config& c, Complaint& complaint) {
  if (c.n_routed_experts == 0) {
    return;
  }
  complaint.require(c.n_routed_experts > 0, "n_routed_experts is negative");
  complaint.require(c.moe_intermediate_size > 0, "moe_intermediate_size is not positive");
  complaint.require(c.moe_layer_freq > 0, "moe_layer_freq is not positive");
  complaint.require(c.n_shared_experts >= 0, "n_shared_experts is negative");
  complaint.require(c.n_group > 0 && c.n_routed_experts % c.n_group == 0,
                    "n_group does not divide n_routed_experts");
  const bool grouped = c.topk_method != TopkMethod::greedy;
  complaint.require(!grouped || (c.topk_group > 0 && c.topk_group <= c.n_group),
                    "topk_group is not between 1 and n_group");
  const std::int64_t eligible = grouped && c.n_group > 0
                                    ? std::int64_t{c.n_routed_experts} / c.n_group * c.topk_group
                                    : c.n_routed_experts;
  complaint.require(c.num_experts_per_tok > 0 && c.num_experts_per_tok <= eligible,
                    "num_experts_per_tok is not between 1 and the experts that stay");
}

void check_attention(const Config& c, const AttentionWeights& w, const std::string& name,
                     Complaint& complaint) {
  const std::int64_t queries = std::int64_t{c.num_attention_heads} * c.qk_head_dim();
  const std::int64_t heads = c.num_attention_heads;
  if (c.q_lora_rank > 0) {
    complaint.shape(w.q_a, name + "q_a_proj", c.q_lora_rank, c.hidden_size);
    complaint.shape(w.q_a_layernorm, name + "q_a_layernorm", 1, c.q_lora_rank);
    complaint.shape(w.q_b, name + "q_b_proj", queries, c.q_lora_rank);
  } else {
    complaint.shape(w.q, name + "q_proj", queries, c.hidden_size);
  }
  complaint.shape(w.kv_a, name + "kv_a_proj_with_mqa", c.kv_lora_rank + c.qk_rope_head_dim,
                  c.hidden_size);
  complaint.shape(w.kv_a_layernorm, name + "kv_a_layernorm", 1, c.kv_lora_rank);
  complaint.shape(w.kv_b, name + "kv_b_proj", heads * (c.qk_nope_head_dim + c.v_head_dim),
                  c.kv_lora_rank);
  complaint.shape(w.o, name + "o_proj", c.hidden_size, heads * c.v_head_dim);
}

void check_moe(const Config& c, const MoeWeights& w, const std::string& name,
               Complaint& complaint) {
  complaint.shape(w.gate, name + "gate", c.n_routed_experts, c.hidden_size);
  if (c.topk_method == TopkMethod::noaux_tc) {
    complaint.shape(w.bias, name + "gate.e_score_correction_bias", 1, c.n_routed_experts);
  }
  complaint.require(w.experts.size() == static_cast<std::size_t>(c.n_routed_experts),
                    name + "experts are not as many as n_routed_experts");
  for (std::size_t e = 0; e < w.experts.size(); ++e) {
    complaint.mlp(w.experts[e], fmt::format("{}experts.{}", name, e), c.moe_intermediate_size,
                  c.hidden_size);
  }
  if (c.n_shared_experts > 0) {
    complaint.mlp(w.shared, name + "shared_experts",
                  std::int64_t{c.n_shared_experts} * c.moe_intermediate_size, c.hidden_size);
  }
}

}  // namespace

std::string contradiction(const Model& model) {
  const Config& c = model.config;
  const Weights& w = model.weights;
  Complaint complaint;
  check_sizes(c, complaint);
  check_experts(c, complaint);
  if (!complaint.text().empty()) {
    return complaint.text();
  }
  complaint.shape(w.embed, "model.embed_tokens", c.vocab_size, c.hidden_size);
  complaint.shape(w.norm, "model.norm", 1, c.hidden_size);
  complaint.shape(w.lm_head, "lm_head", c.vocab_size, c.hidden_size);
  complaint.require(w.layers.size() == static_cast<std::size_t>(c.num_hidden_layers),
                    "the layers are not as many as num_hidden_layers");
  for (std::size_t i = 0; i < w.layers.size() && complaint.text().empty(); ++i) {
    const LayerWeights& layer = w.layers[i];
    const std::string name = fmt::format("model.layers.{}.", i);
    complaint.shape(layer.input_layernorm, name + "input_layernorm", 1, c.hidden_size);
    complaint.shape(layer.post_attention_layernorm, name + "post_attention_layernorm", 1,
                    c.hidden_size);
    check_attention(c, layer.attention, name + "self_attn.", complaint);
    if (c.is_moe(static_cast<int>(i))) {
      check_moe(c, layer.moe, name + "mlp.", complaint);
    } else {
      complaint.require(c.intermediate_size > 0, "intermediate_size is not positive");
      complaint.mlp(layer.mlp, name + "mlp", c.intermediate_size, c.hidden_size);
    }
  }
  return complaint.text();
}

}  // namespace assay::engine
