#include "backends/engine/load.h"

#include <charconv>
#include <cmath>
#include <cstring>
#include <deque>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "backends/engine/config.h"
#include "backends/engine/json_file.h"
#include "backends/engine/safetensors.h"
#include "harness/error.h"

namespace assay::engine {

namespace {

using kernels::Dtype;
using kernels::fp8_block;

// What the views point into.
struct Storage {
  explicit Storage(const std::filesystem::path& folder) : path(folder), checkpoint(folder) {}
  std::filesystem::path path;
  Checkpoint checkpoint;
  std::deque<std::vector<float>> copies;  // of scales that lie unaligned in their file
};

std::optional<Dtype> dtype_of(std::string_view name) {
  if (name == "F32") return Dtype::f32;
  if (name == "F16") return Dtype::f16;
  if (name == "BF16") return Dtype::bf16;
  if (name == "F8_E4M3") return Dtype::f8_e4m3;
  return std::nullopt;
}

std::string shape_text(const std::vector<std::int64_t>& shape) {
  return fmt::format("[{}]", fmt::join(shape, ", "));
}

// Hands out the checkpoint's tensors by name and remembers which were asked for.
class Taker {
 public:
  explicit Taker(Storage& storage) : storage_(storage) {}

  Tensor matrix(const std::string& name, std::int64_t rows, std::int64_t cols) {
    const StoredTensor& stored = take(name, {rows, cols});
    Tensor tensor = view(name, stored, rows, cols);
    if (tensor.dtype == Dtype::f8_e4m3) {
      tensor.scales = scales(name + "_scale_inv", (rows + fp8_block - 1) / fp8_block,
                             (cols + fp8_block - 1) / fp8_block);
    }
    return tensor;
  }

  // A vector of finite numbers, which are few enough to look at.
  Tensor vector(const std::string& name, std::int64_t size) {
    const StoredTensor& stored = take(name, {size});
    const Tensor tensor = view(name, stored, 1, size);
    if (tensor.dtype == Dtype::f8_e4m3) {
      fail(name, stored, "has type F8_E4M3; a vector needs F32, F16 or BF16");
    }
    for (std::int64_t i = 0; i < size; ++i) {
      if (!std::isfinite(kernels::element(tensor, 0, i))) {
        fail(name, stored, fmt::format("value {} is not finite", i));
      }
    }
    return tensor;
  }

  void pass_over(const std::string& name) { taken_.insert(name); }

  // Throws for the first tensor that nothing has asked for. `expected`: those to pass over.
  template <typename Expected>
  void check_rest(const Expected& expected) const {
    for (const auto& [name, stored] : storage_.checkpoint.tensors()) {
      if (!taken_.contains(name) && !expected(name)) {
        fail(name, stored, "is not part of this model");
      }
    }
  }

 private:
  [[noreturn]] void fail(const std::string& name, const StoredTensor& stored,
                         const std::string& what) const {
    throw UserError(fmt::format("{}: tensor {}: {}", storage_.checkpoint.path_of(stored).string(),
                                shown(name), what));
  }

  const StoredTensor& take(const std::string& name, const std::vector<std::int64_t>& shape) {
    const auto& tensors = storage_.checkpoint.tensors();
    const auto found = tensors.find(name);
    if (found == tensors.end()) {
      throw UserError(fmt::format("{}: tensor {}: is missing; config.json needs it with shape {}",
                                  storage_.path.string(), shown(name), shape_text(shape)));
    }
    if (found->second.shape != shape) {
      fail(name, found->second,
           fmt::format("has shape {}; config.json needs {}", shape_text(found->second.shape),
                       shape_text(shape)));
    }
    taken_.insert(name);
    return found->second;
  }

  Tensor view(const std::string& name, const StoredTensor& stored, std::int64_t rows,
              std::int64_t cols) const {
    const auto dtype = dtype_of(stored.dtype);
    if (!dtype) {
      fail(name, stored,
           fmt::format("has type {}; this engine reads F32, F16, BF16 and F8_E4M3", stored.dtype));
    }
    return {.dtype = *dtype, .data = stored.data, .rows = rows, .cols = cols};
  }

  const float* scales(const std::string& name, std::int64_t rows, std::int64_t cols) {
    const StoredTensor& stored = take(name, {rows, cols});
    if (stored.dtype != "F32") {
      fail(name, stored, fmt::format("has type {}; scales must be F32", stored.dtype));
    }
    const auto count = static_cast<std::size_t>(rows * cols);
    const auto* values = reinterpret_cast<const float*>(stored.data);
    if (reinterpret_cast<std::uintptr_t>(stored.data) % alignof(float) != 0) {
      auto& copy = storage_.copies.emplace_back(count);
      std::memcpy(copy.data(), stored.data, count * sizeof(float));
      values = copy.data();
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (!std::isfinite(values[i])) {
        fail(name, stored, fmt::format("scale {} is not finite", i));
      }
    }
    return values;
  }

  Storage& storage_;
  std::set<std::string, std::less<>> taken_;
};

// The weights of one layer, in the order of model.h. `stem` ends with a dot.
class LayerLoader {
 public:
  LayerLoader(Taker& taker, const Config& config) : taker_(taker), config_(config) {}

  LayerWeights load(int number) const {
    const std::string stem = fmt::format("model.layers.{}.", number);
    const int hidden = config_.hidden_size;
    LayerWeights layer;
    layer.input_layernorm = taker_.vector(stem + "input_layernorm.weight", hidden);
    layer.attention = attention(stem + "self_attn.");
    layer.post_attention_layernorm =
        taker_.vector(stem + "post_attention_layernorm.weight", hidden);
    if (config_.is_moe(number)) {
      layer.moe = experts(stem + "mlp.");
    } else {
      layer.mlp = mlp(stem + "mlp.", config_.intermediate_size);
    }
    // Older converters stored these; they follow from the configuration.
    taker_.pass_over(stem + "self_attn.rotary_emb.inv_freq");
    return layer;
  }

 private:
  AttentionWeights attention(const std::string& stem) const {
    const std::int64_t heads = config_.num_attention_heads;
    const std::int64_t latent = config_.kv_lora_rank;
    AttentionWeights weights;
    if (config_.q_lora_rank == 0) {
      weights.q = linear(stem + "q_proj", heads * config_.qk_head_dim(), config_.hidden_size);
    } else {
      weights.q_a = linear(stem + "q_a_proj", config_.q_lora_rank, config_.hidden_size);
      weights.q_a_layernorm = taker_.vector(stem + "q_a_layernorm.weight", config_.q_lora_rank);
      weights.q_b = linear(stem + "q_b_proj", heads * config_.qk_head_dim(), config_.q_lora_rank);
    }
    weights.kv_a =
        linear(stem + "kv_a_proj_with_mqa", latent + config_.qk_rope_head_dim, config_.hidden_size);
    weights.kv_a_layernorm = taker_.vector(stem + "kv_a_layernorm.weight", latent);
    weights.kv_b =
        linear(stem + "kv_b_proj", heads * (config_.qk_nope_head_dim + config_.v_head_dim), latent);
    weights.o = linear(stem + "o_proj", config_.hidden_size, heads * config_.v_head_dim);
    return weights;
  }

  MoeWeights experts(const std::string& stem) const {
    MoeWeights weights;
    const std::int64_t inner = config_.moe_intermediate_size;
    weights.gate = linear(stem + "gate", config_.n_routed_experts, config_.hidden_size);
    if (config_.topk_method == TopkMethod::noaux_tc) {
      weights.bias = taker_.vector(stem + "gate.e_score_correction_bias", config_.n_routed_experts);
    }
    for (int e = 0; e < config_.n_routed_experts; ++e) {
      weights.experts.push_back(mlp(fmt::format("{}experts.{}.", stem, e), inner));
    }
    if (config_.n_shared_experts > 0) {
      weights.shared = mlp(stem + "shared_experts.", inner * config_.n_shared_experts);
    }
    return weights;
  }

  MlpWeights mlp(const std::string& stem, std::int64_t inner) const {
    const std::int64_t hidden = config_.hidden_size;
    return {.gate = linear(stem + "gate_proj", inner, hidden),
            .up = linear(stem + "up_proj", inner, hidden),
            .down = linear(stem + "down_proj", hidden, inner)};
  }

  Tensor linear(const std::string& name, std::int64_t rows, std::int64_t cols) const {
    return taker_.matrix(name + ".weight", rows, cols);
  }

  Taker& taker_;
  const Config& config_;
};

// The most draft layers that are passed over; every public V3 has one.
constexpr int draft_layers_max = 8;

// The number N of "model.layers.N.", if the name starts so.
std::optional<int> layer_number(std::string_view name) {
  constexpr std::string_view stem = "model.layers.";
  int number = 0;
  if (!name.starts_with(stem)) {
    return std::nullopt;
  }
  name.remove_prefix(stem.size());
  const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), number);
  const bool whole = error == std::errc() && end != name.data() + name.size() && *end == '.';
  return whole ? std::optional(number) : std::nullopt;
}

}  // namespace

Model load_model(const std::filesystem::path& folder) {
  Model model;
  model.config = read_config(folder);
  model.generation = read_generation_defaults(folder);
  const std::filesystem::path named = folder.has_filename() ? folder : folder.parent_path();
  model.name = named.filename().string();
  const auto storage = std::make_shared<Storage>(folder);
  const Config& config = model.config;
  Taker taker(*storage);
  model.weights.embed =
      taker.matrix("model.embed_tokens.weight", config.vocab_size, config.hidden_size);
  const LayerLoader layers(taker, config);
  for (int n = 0; n < config.num_hidden_layers; ++n) {
    model.weights.layers.push_back(layers.load(n));
  }
  model.weights.norm = taker.vector("model.norm.weight", config.hidden_size);
  if (!config.tie_word_embeddings) {
    model.weights.lm_head = taker.matrix("lm_head.weight", config.vocab_size, config.hidden_size);
  } else {
    model.weights.lm_head = model.weights.embed;
    taker.pass_over("lm_head.weight");
  }
  taker.check_rest([&config](std::string_view name) {
    const auto layer = layer_number(name);
    return config.family == Family::deepseek_v3 && layer && *layer >= config.num_hidden_layers &&
           *layer < config.num_hidden_layers + draft_layers_max;
  });
  if (const std::string wrong = contradiction(model); !wrong.empty()) {
    throw UserError(folder.string() + ": " + wrong);
  }
  model.storage = storage;
  return model;
}

}  // namespace assay::engine
