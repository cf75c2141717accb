// A checkpoint of the DeepSeek-V2/V3 family as the engine sees it: its configuration, and its
// weights as views with their shapes. load.h fills it from a folder; tests fill it by hand.
// Values follow the names of config.json; sources of every formula: kernels/ops.h.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "kernels/tensor.h"

namespace assay::engine {

using kernels::Tensor;

enum class Family { deepseek_v2, deepseek_v3 };
enum class TopkMethod { greedy, group_limited_greedy, noaux_tc };
enum class Scoring { softmax, sigmoid };

// YaRN, as in rope_scaling of type "yarn". Where config.json leaves a field out, the default of
// transformers is used.
struct Yarn {
  double factor = 1;
  double beta_fast = 32;
  double beta_slow = 1;
  double mscale = 0;          // 0: not given
  double mscale_all_dim = 0;  // 0: not given
  std::int64_t original_max_position_embeddings = 4096;
  std::optional<double> attention_factor;  // given: replaces the multiplier on cos and sin
};

struct Config {
  Family family = Family::deepseek_v3;
  int vocab_size = 0;             // V
  int hidden_size = 0;            // H
  int intermediate_size = 0;      // D, of the dense layers
  int moe_intermediate_size = 0;  // I, of one expert
  int num_hidden_layers = 0;      // L
  int num_attention_heads = 0;    // nh; key-value heads are as many
  int q_lora_rank = 0;            // Q; 0: q_proj alone (null in config.json)
  int kv_lora_rank = 0;           // C
  int qk_nope_head_dim = 0;       // P
  int qk_rope_head_dim = 0;       // R, even
  int v_head_dim = 0;             // Vd
  int n_routed_experts = 0;       // E; 0: every layer is dense
  int n_shared_experts = 0;       // n_s; 0: none
  int num_experts_per_tok = 0;    // k
  int n_group = 1;                // divides E
  int topk_group = 1;             // groups that stay
  TopkMethod topk_method = TopkMethod::noaux_tc;
  Scoring scoring = Scoring::sigmoid;
  bool norm_topk_prob = false;
  double routed_scaling_factor = 1;
  int first_k_dense_replace = 0;  // layers below it are dense
  int moe_layer_freq = 1;         // of the others, those divisible by it have experts
  double rms_norm_eps = 1e-6;
  double rope_theta = 10000;
  std::optional<Yarn> yarn;  // empty: plain RoPE
  std::int64_t max_position_embeddings = 0;
  bool tie_word_embeddings = false;
  int bos_token_id = -1;           // -1: none
  std::vector<int> eos_token_ids;  // any of them ends an answer; generation_config's come first

  int qk_head_dim() const { return qk_nope_head_dim + qk_rope_head_dim; }
  bool is_moe(int layer) const {
    return n_routed_experts > 0 && layer >= first_k_dense_replace && layer % moe_layer_freq == 0;
  }
};

// down( silu(gate x) * (up x) )
struct MlpWeights {
  Tensor gate;  // (inner, H)
  Tensor up;    // (inner, H)
  Tensor down;  // (H, inner)
};

struct AttentionWeights {
  Tensor q;               // q_proj (nh*(P+R), H); empty where q_lora_rank > 0
  Tensor q_a;             // q_a_proj (Q, H); empty where q_lora_rank == 0
  Tensor q_a_layernorm;   // (1, Q); empty where q_lora_rank == 0
  Tensor q_b;             // q_b_proj (nh*(P+R), Q); empty where q_lora_rank == 0
  Tensor kv_a;            // kv_a_proj_with_mqa (C+R, H)
  Tensor kv_a_layernorm;  // (1, C)
  Tensor kv_b;            // kv_b_proj (nh*(P+Vd), C)
  Tensor o;               // o_proj (H, nh*Vd)
};

struct MoeWeights {
  Tensor gate;                      // (E, H)
  Tensor bias;                      // e_score_correction_bias (1, E); empty unless noaux_tc
  std::vector<MlpWeights> experts;  // E of them, inner = I
  MlpWeights shared;                // inner = n_s*I; empty tensors where n_s == 0
};

struct LayerWeights {
  Tensor input_layernorm;  // (1, H)
  AttentionWeights attention;
  Tensor post_attention_layernorm;  // (1, H)
  MlpWeights mlp;                   // dense layers: inner = D
  MoeWeights moe;                   // the others, see Config::is_moe
};

struct Weights {
  Tensor embed;  // embed_tokens (V, H)
  std::vector<LayerWeights> layers;
  Tensor norm;     // (1, H)
  Tensor lm_head;  // (V, H); where embeddings are tied, the same view as `embed`
};

// What generation_config.json suggests; a request's own sampling wins.
struct GenerationDefaults {
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<int> top_k;
};

struct Model {
  std::string name;  // the folder's name
  Config config;
  GenerationDefaults generation;
  Weights weights;
  std::shared_ptr<const void> storage;  // keeps what the views point to alive (mapped files)
};

// The first shape or field that contradicts another, as one line that names it; empty: none.
// Whatever passes can be run.
std::string contradiction(const Model& model);

}  // namespace assay::engine
