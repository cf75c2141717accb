#include "backends/engine/config.h"

#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <set>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backends/engine/json_file.h"
#include "harness/error.h"

namespace assay::engine {

using nlohmann::json;

namespace {

constexpr std::size_t config_bytes_max = 16'000'000;
constexpr int size_max = 1 << 24;  // of any one dimension
constexpr int layers_max = 4096;
constexpr int experts_max = 65536;
constexpr std::size_t eos_ids_max = 64;

// Known, and without effect on what one forward pass computes: training, history, the defaults that
// older versions of transformers write into every config.json, and suggestions for sampling.
constexpr std::array harmless = std::to_array<std::string_view>({
    "architectures",
    "auto_map",
    "torch_dtype",
    "dtype",
    "transformers_version",
    "use_cache",
    "initializer_range",
    "ep_size",
    "seq_aux",
    "aux_loss_alpha",
    "pretraining_tp",
    "attention_dropout",
    "num_nextn_predict_layers",
    "num_mtp_layers",
    "pad_token_id",
    "output_router_logits",
    "router_aux_loss_coef",
    "return_dict",
    "output_hidden_states",
    "output_attentions",
    "torchscript",
    "use_bfloat16",
    "tf_legacy_loss",
    "pruned_heads",
    "chunk_size_feed_forward",
    "tie_encoder_decoder",
    "max_length",
    "min_length",
    "do_sample",
    "early_stopping",
    "num_beams",
    "num_beam_groups",
    "diversity_penalty",
    "temperature",
    "top_k",
    "top_p",
    "typical_p",
    "repetition_penalty",
    "length_penalty",
    "no_repeat_ngram_size",
    "encoder_no_repeat_ngram_size",
    "bad_words_ids",
    "num_return_sequences",
    "output_scores",
    "return_dict_in_generate",
    "forced_bos_token_id",
    "forced_eos_token_id",
    "remove_invalid_values",
    "exponential_decay_length_penalty",
    "suppress_tokens",
    "begin_suppress_tokens",
    "finetuning_task",
    "id2label",
    "label2id",
    "num_labels",
    "tokenizer_class",
    "prefix",
    "sep_token_id",
    "decoder_start_token_id",
    "task_specific_params",
    "problem_type",
    "head_dim",
    "qk_head_dim",
    "cross_attention_hidden_size",
    "attn_implementation",
});

// Reads the fields of one object, remembers which, and says what is wrong in one line.
class Fields {
 public:
  Fields(json object, std::string where) : object_(std::move(object)), where_(std::move(where)) {}

  [[noreturn]] void fail(std::string_view name, const std::string& what) const {
    throw UserError(fmt::format("{}: {} {}", where_, name, what));
  }

  bool contains(const std::string& name) const { return object_.contains(name); }

  // The field's value; null where it is missing or null.
  const json& optional(const std::string& name) {
    static const json none;
    used_.insert(name);
    const auto found = object_.find(name);
    return found == object_.end() ? none : *found;
  }

  const json& required(const std::string& name) {
    const json& value = optional(name);
    if (value.is_null()) {
      fail(name, object_.contains(name) ? "must not be null" : "is missing");
    }
    return value;
  }

  int whole(const std::string& name, int least, int most) {
    return whole(name, required(name), least, most);
  }

  int whole_or(const std::string& name, int fallback, int least, int most) {
    const json& value = optional(name);
    return value.is_null() ? fallback : whole(name, value, least, most);
  }

  double number(const std::string& name, double least, double most) {
    return number(name, required(name), least, most);
  }

  std::optional<double> number_if(const std::string& name, double least, double most) {
    const json& value = optional(name);
    return value.is_null() ? std::nullopt : std::optional(number(name, value, least, most));
  }

  bool flag_or(const std::string& name, bool fallback) {
    const json& value = optional(name);
    if (!value.is_null() && !value.is_boolean()) {
      fail(name, "must be true or false");
    }
    return value.is_null() ? fallback : value.get<bool>();
  }

  std::string text_or(const std::string& name, const std::string& fallback) {
    const json& value = optional(name);
    if (!value.is_null() && !value.is_string()) {
      fail(name, "must be a text");
    }
    return value.is_null() ? fallback : value.get<std::string>();
  }

  // The one value of several that a text field has.
  template <typename T>
  T choice(const std::string& name, const std::string& text,
           const std::vector<std::pair<std::string_view, T>>& choices) {
    std::string all;
    for (const auto& [spelling, value] : choices) {
      if (spelling == text) {
        return value;
      }
      all += (all.empty() ? "" : ", ") + std::string(spelling);
    }
    fail(name, fmt::format("is {}; known: {}", shown(text), all));
  }

  // A field that must have this value if it is there at all.
  void only(const std::string& name, const json& value) {
    const json& given = optional(name);
    if (!given.is_null() && given != value) {
      fail(name,
           fmt::format("is {}; this engine computes only {}", shown(given.dump()), value.dump()));
    }
  }

  // Throws for a field that nothing has asked for. Names with a leading underscore are notes.
  void check_unknown() const {
    for (const auto& [name, value] : object_.items()) {
      const bool known = used_.contains(name) || name.starts_with("_") ||
                         std::find(harmless.begin(), harmless.end(), name) != harmless.end();
      if (!known && !value.is_null()) {
        fail(shown(name), "is unknown: it may change what the model computes");
      }
    }
  }

  const std::string& where() const { return where_; }

 private:
  int whole(std::string_view name, const json& value, int least, int most) const {
    if (!value.is_number_integer()) {
      fail(name, "must be a whole number");
    }
    const bool too_large = value.is_number_unsigned() && value.get<std::uint64_t>() > INT64_MAX;
    if (too_large || value.get<std::int64_t>() < least || value.get<std::int64_t>() > most) {
      fail(name, fmt::format("is {}; must be {} to {}", value.dump(), least, most));
    }
    return value.get<int>();
  }

  double number(std::string_view name, const json& value, double least, double most) const {
    if (!value.is_number()) {
      fail(name, "must be a number");
    }
    const auto given = value.get<double>();
    if (!(given >= least && given <= most)) {
      fail(name, fmt::format("is {}; must be {} to {}", value.dump(), least, most));
    }
    return given;
  }

  json object_;
  std::string where_;
  std::set<std::string, std::less<>> used_;
};

void read_attention(Fields& fields, Config& config) {
  config.num_attention_heads = fields.whole("num_attention_heads", 1, 65536);
  if (fields.whole_or("num_key_value_heads", config.num_attention_heads, 1, 65536) !=
      config.num_attention_heads) {
    fields.fail("num_key_value_heads", "must equal num_attention_heads");
  }
  // null means that there is no low-rank form; a missing field may be a damaged file.
  const json& rank = fields.optional("q_lora_rank");
  if (rank.is_null() && !fields.contains("q_lora_rank")) {
    fields.fail("q_lora_rank", "is missing (null: queries without a low-rank form)");
  }
  config.q_lora_rank = rank.is_null() ? 0 : fields.whole("q_lora_rank", 1, size_max);
  config.kv_lora_rank = fields.whole("kv_lora_rank", 1, size_max);
  config.qk_nope_head_dim = fields.whole("qk_nope_head_dim", 1, 65536);
  config.qk_rope_head_dim = fields.whole("qk_rope_head_dim", 2, 65536);
  config.v_head_dim = fields.whole("v_head_dim", 1, 65536);
  if (config.qk_rope_head_dim % 2 != 0) {
    fields.fail("qk_rope_head_dim", "must be even");
  }
  fields.only("attention_bias", false);
  fields.only("mlp_bias", false);
  fields.only("rope_interleave", true);
  fields.only("hidden_act", "silu");
}

void read_experts(Fields& fields, Config& config) {
  const bool v3 = config.family == Family::deepseek_v3;
  config.n_routed_experts = fields.whole_or("n_routed_experts", 0, 0, experts_max);
  config.n_shared_experts = fields.whole_or("n_shared_experts", 0, 0, 1024);
  if (config.n_routed_experts == 0) {
    for (const char* name : {"num_experts_per_tok", "moe_intermediate_size", "n_group",
                             "topk_group", "topk_method", "scoring_func", "norm_topk_prob",
                             "routed_scaling_factor", "first_k_dense_replace", "moe_layer_freq"}) {
      fields.optional(name);  // without experts they say nothing
    }
    return;
  }
  config.moe_intermediate_size = fields.whole("moe_intermediate_size", 1, size_max);
  config.num_experts_per_tok = fields.whole("num_experts_per_tok", 1, config.n_routed_experts);
  config.first_k_dense_replace = fields.whole("first_k_dense_replace", 0, layers_max);
  config.moe_layer_freq = fields.whole_or("moe_layer_freq", 1, 1, layers_max);
  // transformers leaves the next two out of what it writes for V3, where they never vary.
  config.topk_method = fields.choice<TopkMethod>(
      "topk_method", fields.text_or("topk_method", v3 ? "noaux_tc" : "greedy"),
      {{"greedy", TopkMethod::greedy},
       {"group_limited_greedy", TopkMethod::group_limited_greedy},
       {"noaux_tc", TopkMethod::noaux_tc}});
  config.scoring = fields.choice<Scoring>(
      "scoring_func", fields.text_or("scoring_func", v3 ? "sigmoid" : "softmax"),
      {{"softmax", Scoring::softmax}, {"sigmoid", Scoring::sigmoid}});
  const bool grouped = config.topk_method != TopkMethod::greedy;
  config.n_group = grouped ? fields.whole("n_group", 1, config.n_routed_experts)
                           : fields.whole_or("n_group", 1, 1, config.n_routed_experts);
  config.topk_group = grouped ? fields.whole("topk_group", 1, config.n_group)
                              : fields.whole_or("topk_group", 1, 1, config.n_group);
  if (config.n_routed_experts % config.n_group != 0) {
    fields.fail("n_group", "must divide n_routed_experts");
  }
  const int in_group = config.n_routed_experts / config.n_group;
  if (config.topk_method == TopkMethod::noaux_tc && in_group < 2) {
    fields.fail("n_group", "leaves fewer than the two experts a group that noaux_tc scores it by");
  }
  if (grouped && config.num_experts_per_tok > config.topk_group * in_group) {
    fields.fail("num_experts_per_tok", "is more than topk_group groups hold");
  }
  config.norm_topk_prob = fields.flag_or("norm_topk_prob", v3);
  config.routed_scaling_factor = fields.number("routed_scaling_factor", -1e6, 1e6);
}

// rope_scaling, or rope_parameters as newer versions of transformers write it, with the base
// inside.
void read_rope(Fields& fields, Config& config) {
  const bool newer = !fields.optional("rope_parameters").is_null();
  const std::string name = newer ? "rope_parameters" : "rope_scaling";
  const json& object = fields.optional(name);
  if (newer) {
    fields.only("rope_scaling", nullptr);
  }
  if (!object.is_null() && !object.is_object()) {
    fields.fail(name, "must be an object or null");
  }
  Fields rope(object.is_null() ? json::object() : object, fields.where() + ": " + name);
  const json& base = rope.optional("rope_theta");
  config.rope_theta = newer && !base.is_null() ? rope.number("rope_theta", 1, 1e15)
                                               : fields.number("rope_theta", 1, 1e15);
  fields.optional("rope_theta");
  const std::string type = rope.text_or("rope_type", rope.text_or("type", "default"));
  rope.optional("type");
  if (!rope.choice<bool>("type", type, {{"yarn", true}, {"default", false}})) {
    if (!object.is_null() && !newer) {
      fields.fail(name, "needs a type");
    }
    rope.check_unknown();
    return;
  }
  Yarn yarn;
  yarn.factor = rope.number("factor", 1, 1e6);
  yarn.beta_fast = rope.number_if("beta_fast", 1e-6, 1e6).value_or(yarn.beta_fast);
  yarn.beta_slow = rope.number_if("beta_slow", 1e-6, 1e6).value_or(yarn.beta_slow);
  yarn.mscale = rope.number_if("mscale", 0, 1e3).value_or(yarn.mscale);
  yarn.mscale_all_dim = rope.number_if("mscale_all_dim", 0, 1e3).value_or(yarn.mscale_all_dim);
  yarn.attention_factor = rope.number_if("attention_factor", 1e-6, 1e6);
  yarn.original_max_position_embeddings =
      rope.whole("original_max_position_embeddings", 1, 1 << 30);
  rope.only("truncate", true);
  rope.check_unknown();
  config.yarn = yarn;
}

void read_quantization(Fields& fields) {
  const json& given = fields.optional("quantization_config");
  if (given.is_null()) {
    return;
  }
  if (!given.is_object()) {
    fields.fail("quantization_config", "must be an object");
  }
  Fields inner(given, fields.where() + ": quantization_config");
  inner.required("quant_method");
  inner.only("quant_method", "fp8");
  inner.only("fmt", "e4m3");
  inner.only("weight_block_size", json::array({128, 128}));
  // How activations would be rounded: this engine keeps them exact, which no checkpoint minds.
  inner.optional("activation_scheme");
  inner.optional("scale_fmt");
  // Which modules stay as they are shows in the type of each tensor.
  inner.optional("modules_to_not_convert");
  inner.optional("ignored_layers");
  inner.check_unknown();
}

std::vector<int> read_eos(Fields& fields) {
  const json& given = fields.optional("eos_token_id");
  std::vector<int> ids;
  for (const json& id : given.is_array()  ? given
                        : given.is_null() ? json::array()
                                          : json::array({given})) {
    if (!id.is_number_integer() || id.get<std::int64_t>() < 0 ||
        id.get<std::int64_t>() > size_max || ids.size() == eos_ids_max) {
      fields.fail("eos_token_id", "must be a token id or a short list of them");
    }
    ids.push_back(id.get<int>());
  }
  return ids;
}

std::optional<json> generation_fields(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "generation_config.json";
  std::error_code error;
  if (!std::filesystem::exists(path, error)) {
    return std::nullopt;
  }
  return read_json_object(path, config_bytes_max);
}

}  // namespace

Config parse_config(const json& object, const std::string& where) {
  Fields fields(object, where);
  Config config;
  fields.required("model_type");
  config.family = fields.choice<Family>(
      "model_type", fields.text_or("model_type", ""),
      {{"deepseek_v2", Family::deepseek_v2}, {"deepseek_v3", Family::deepseek_v3}});
  config.vocab_size = fields.whole("vocab_size", 1, size_max);
  config.hidden_size = fields.whole("hidden_size", 1, size_max);
  config.intermediate_size = fields.whole("intermediate_size", 1, size_max);
  config.num_hidden_layers = fields.whole("num_hidden_layers", 1, layers_max);
  config.rms_norm_eps = fields.number("rms_norm_eps", 0, 1);
  config.max_position_embeddings = fields.whole("max_position_embeddings", 1, 1 << 30);
  config.tie_word_embeddings = fields.flag_or("tie_word_embeddings", false);
  read_attention(fields, config);
  read_experts(fields, config);
  read_rope(fields, config);
  read_quantization(fields);
  config.bos_token_id = fields.whole_or("bos_token_id", -1, 0, size_max);
  config.eos_token_ids = read_eos(fields);
  fields.check_unknown();
  return config;
}

Config read_config(const std::filesystem::path& folder) {
  const std::filesystem::path path = folder / "config.json";
  Config config = parse_config(read_json_object(path, config_bytes_max), path.string());
  if (const auto generation = generation_fields(folder)) {
    Fields fields(*generation, (folder / "generation_config.json").string());
    std::vector<int> ids = read_eos(fields);
    for (const int id : config.eos_token_ids) {
      if (std::find(ids.begin(), ids.end(), id) == ids.end()) {
        ids.push_back(id);
      }
    }
    config.eos_token_ids = std::move(ids);
  }
  return config;
}

GenerationDefaults read_generation_defaults(const std::filesystem::path& folder) {
  GenerationDefaults defaults;
  const auto generation = generation_fields(folder);
  if (!generation) {
    return defaults;
  }
  Fields fields(*generation, (folder / "generation_config.json").string());
  defaults.temperature = fields.number_if("temperature", 0, 100);
  defaults.top_p = fields.number_if("top_p", 0, 1);
  if (!fields.optional("top_k").is_null()) {
    defaults.top_k = fields.whole("top_k", 0, size_max);
  }
  const json& sampled = fields.optional("do_sample");
  if (!sampled.is_null() && !fields.flag_or("do_sample", true)) {
    defaults.temperature = 0;
  }
  return defaults;
}

}  // namespace assay::engine
