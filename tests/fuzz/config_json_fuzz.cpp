// Hostile bytes as a config.json, alone or as one value in the place of a field of a complete one,
// and as a chat template. What is accepted must have sizes that a model can have.
#include <cstdint>
#include <cstring>
#include <iterator>
#include <string>

#include <nlohmann/json.hpp>

#include "backends/engine/chat_template.h"
#include "backends/engine/config.h"
#include "harness/error.h"

namespace {

using nlohmann::json;

json complete() {
  return {{"model_type", "deepseek_v3"},
          {"vocab_size", 512},
          {"hidden_size", 64},
          {"intermediate_size", 128},
          {"moe_intermediate_size", 32},
          {"num_hidden_layers", 2},
          {"num_attention_heads", 4},
          {"num_key_value_heads", 4},
          {"q_lora_rank", 32},
          {"kv_lora_rank", 32},
          {"qk_nope_head_dim", 16},
          {"qk_rope_head_dim", 8},
          {"v_head_dim", 16},
          {"n_routed_experts", 8},
          {"n_shared_experts", 1},
          {"num_experts_per_tok", 2},
          {"n_group", 4},
          {"topk_group", 2},
          {"topk_method", "noaux_tc"},
          {"scoring_func", "sigmoid"},
          {"norm_topk_prob", true},
          {"routed_scaling_factor", 2.5},
          {"first_k_dense_replace", 1},
          {"moe_layer_freq", 1},
          {"rms_norm_eps", 1e-6},
          {"rope_theta", 10000.0},
          {"rope_scaling",
           {{"type", "yarn"},
            {"factor", 40},
            {"beta_fast", 32},
            {"beta_slow", 1},
            {"mscale", 1.0},
            {"mscale_all_dim", 1.0},
            {"original_max_position_embeddings", 64}}},
          {"max_position_embeddings", 1024},
          {"hidden_act", "silu"},
          {"tie_word_embeddings", false},
          {"attention_bias", false}};
}

void read(const json& fields) {
  const assay::engine::Config config = assay::engine::parse_config(fields, "config.json");
  if (config.vocab_size <= 0 || config.hidden_size <= 0 || config.num_hidden_layers <= 0 ||
      config.num_experts_per_tok > config.n_routed_experts) {
    __builtin_trap();
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  assay::engine::recognise_template(bytes);
  const json value = json::parse(bytes, nullptr, false);
  if (value.is_discarded()) {
    return 0;
  }
  try {
    json fields = complete();
    if (data[0] == 0xff) {
      fields = value;
    } else {
      auto place = fields.begin();
      std::advance(place, data[0] % fields.size());
      *place = value;
    }
    read(fields);
  } catch (const assay::UserError& error) {
    if (std::strchr(error.what(), '\n') != nullptr) {
      __builtin_trap();
    }
  }
  return 0;
}
