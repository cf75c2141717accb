// Golden vectors of tests/goldens, and the checkpoints they belong to: make_goldens.py draws every
// weight from its name, an index and a seed by integer arithmetic, and this file draws the same
// ones and writes them as a Hugging Face folder, so that the loader is part of every golden test.
#pragma once

#include <cmath>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include <nlohmann/json.hpp>

#include "kernels/tensor.h"

namespace assay::golden {

using nlohmann::json;
using Shape = std::vector<std::int64_t>;

inline const std::vector<std::string>& names() {
  static const std::vector<std::string> all = {
      "tiny_v3",  "tiny_v2",   "tiny_v2_group", "tiny_ragged", "tiny_negative_bias",
      "tiny_fp8", "tiny_yarn", "tiny_plain"};
  return all;
}

inline std::string file_bytes(const std::filesystem::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    throw std::runtime_error("cannot read " + path.string());
  }
  return {std::istreambuf_iterator<char>(in), {}};
}

// {made_with, config, weights, prompt, greedy, continuations: [{tokens, logprobs}]}
inline json vectors(const std::string& name) {
  return json::parse(
      file_bytes(std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/goldens" / (name + ".json")));
}

// (prompt length, vocab_size)
inline std::vector<float> logits(const std::string& name) {
  const std::string bytes = file_bytes(std::filesystem::path(ASSAY_SOURCE_DIR) / "tests/goldens" /
                                       (name + ".safetensors"));
  std::uint64_t header = 0;
  std::memcpy(&header, bytes.data(), sizeof header);
  const json offsets = json::parse(bytes.substr(8, header))["logits"]["data_offsets"];
  std::vector<float> values((offsets[1].get<std::size_t>() - offsets[0].get<std::size_t>()) / 4);
  std::memcpy(values.data(), bytes.data() + 8 + header + offsets[0].get<std::size_t>(),
              values.size() * sizeof(float));
  return values;
}

// FNV-1a over the name, stirred with the seed.
inline std::uint64_t hashed(const std::string& name, std::uint64_t seed) {
  std::uint64_t state = 0xCBF29CE484222325U;
  for (const char c : name) {
    state = (state ^ static_cast<unsigned char>(c)) * 0x100000001B3U;
  }
  return state ^ seed * 0x9E3779B97F4A7C15U;
}

// Integer number `index` of the stream, in [0, 2^24): the top bits of splitmix64.
inline std::uint64_t drawn(std::uint64_t stream, std::uint64_t index) {
  std::uint64_t z = stream + (index + 1) * 0x9E3779B97F4A7C15U;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
  return (z ^ (z >> 31)) >> 40;
}

// To nearest, ties to even, in one rounding as numpy does it; finite and below 65504.
inline std::uint16_t to_f16(double value) {
  const auto sign = static_cast<std::uint16_t>(std::signbit(value) ? 0x8000U : 0U);
  const double size = std::fabs(value);
  const int exponent = size < 0x1p-14 ? -14 : std::ilogb(size);
  const double steps = std::nearbyint(std::ldexp(size, 10 - exponent));
  const auto whole = static_cast<std::uint32_t>(steps);  // at most 2048, subnormal below 1024
  const std::uint32_t coded =
      whole < 1024 ? whole : (static_cast<std::uint32_t>(exponent + 15) << 10) + (whole - 1024);
  return static_cast<std::uint16_t>(sign | coded);
}

// One folder's tensors, gathered and then written in one file or several with an index.
class Checkpoint {
 public:
  explicit Checkpoint(json golden)
      : config_(std::move(golden["config"])), weights_(std::move(golden["weights"])) {
    model();
  }

  // Writes config.json and the weights; the folder must exist.
  void write(const std::filesystem::path& folder) const {
    std::ofstream(folder / "config.json") << config_.dump(1) << '\n';
    const auto shards = weights_["shards"].get<std::size_t>();
    json index = {{"metadata", {{"total_size", 0}}}, {"weight_map", json::object()}};
    for (std::size_t shard = 0; shard < shards; ++shard) {
      char file[64] = "model.safetensors";
      if (shards > 1) {
        std::snprintf(file, sizeof file, "model-%05zu-of-%05zu.safetensors", shard + 1, shards);
      }
      json header = {{"__metadata__", {{"format", "pt"}}}};
      std::string data;
      for (std::size_t i = shard; i < tensors_.size(); i += shards) {
        const Stored& tensor = tensors_[i];
        header[tensor.name] = {{"dtype", tensor.dtype},
                               {"shape", tensor.shape},
                               {"data_offsets", {data.size(), data.size() + tensor.bytes.size()}}};
        data += tensor.bytes;
        index["weight_map"][tensor.name] = file;
      }
      write_file(folder / file, header, data);
    }
    if (shards > 1) {
      std::ofstream(folder / "model.safetensors.index.json") << index.dump(1) << '\n';
    }
  }

  static void write_file(const std::filesystem::path& path, const json& header,
                         const std::string& data) {
    std::string text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    const std::uint64_t length = text.size();
    std::ofstream out(path, std::ios::binary);
    out.write(reinterpret_cast<const char*>(&length), sizeof length);
    out << text << data;
  }

  const json& config() const { return config_; }

 private:
  struct Stored {
    std::string name;
    std::string dtype;
    Shape shape;
    std::string bytes;
  };

  int field(const char* name) const {
    return config_[name].is_null() ? 0 : config_[name].get<int>();
  }

  // `value(u)` of u in [-1, 1), stored as `dtype`.
  void uniform(const std::string& name, const Shape& shape, const std::string& dtype,
               const std::function<double(double)>& value) {
    Stored tensor{name, dtype, shape, {}};
    std::int64_t count = 1;
    for (const std::int64_t n : shape) {
      count *= n;
    }
    const std::uint64_t stream = hashed(name, weights_["seed"].get<std::uint64_t>());
    const std::size_t width = dtype == "F32" ? 4 : 2;
    tensor.bytes.resize(static_cast<std::size_t>(count) * width);
    for (std::size_t i = 0; i < static_cast<std::size_t>(count); ++i) {
      const double u = static_cast<double>(drawn(stream, i)) / 0x1p23 - 1;
      const auto single = static_cast<float>(value(u));
      const std::uint16_t half = dtype == "BF16" ? kernels::to_bf16(single) : to_f16(value(u));
      std::memcpy(tensor.bytes.data() + i * width,
                  width == 4 ? static_cast<const void*>(&single) : &half, width);
    }
    tensors_.push_back(std::move(tensor));
  }

  void fp8(const std::string& name, const Shape& shape) {
    const std::uint64_t stream = hashed(name, weights_["seed"].get<std::uint64_t>());
    Stored tensor{name, "F8_E4M3", shape,
                  std::string(static_cast<std::size_t>(shape[0] * shape[1]), 0)};
    for (std::size_t i = 0; i < tensor.bytes.size(); ++i) {
      const std::uint64_t bits = drawn(stream, i);
      tensor.bytes[i] = static_cast<char>((bits >> 16) % 127 + (bits & 1) * 128);
    }
    tensors_.push_back(std::move(tensor));
    const double size = 90 * std::sqrt(static_cast<double>(shape[1]));
    uniform(name + "_scale_inv", {(shape[0] + 127) / 128, (shape[1] + 127) / 128}, "F32",
            [size](double u) { return (1 + u / 2) / size; });
  }

  void matrix(const std::string& name, std::int64_t rows, std::int64_t cols, double gain = 1.75) {
    const std::string dtype = weights_["dtype"];
    const bool plain = name == "lm_head.weight" || name.ends_with("mlp.gate.weight");
    if (dtype == "F8_E4M3" && !plain) {
      return fp8(name, {rows, cols});
    }
    const double scale = gain / std::sqrt(static_cast<double>(cols));
    uniform(name, {rows, cols}, dtype == "F8_E4M3" ? "BF16" : dtype,
            [scale](double u) { return u * scale; });
  }

  void norm(const std::string& name, std::int64_t size) {
    uniform(name, {size}, weights_["norm_dtype"], [](double u) { return 1 + u / 8; });
  }

  void mlp(const std::string& stem, std::int64_t inner) {
    const int hidden = field("hidden_size");
    matrix(stem + "gate_proj.weight", inner, hidden);
    matrix(stem + "up_proj.weight", inner, hidden);
    matrix(stem + "down_proj.weight", hidden, inner);
  }

  void attention(const std::string& stem) {
    const std::int64_t heads = field("num_attention_heads");
    const std::int64_t hidden = field("hidden_size");
    const std::int64_t latent = field("kv_lora_rank");
    const std::int64_t nope = field("qk_nope_head_dim");
    const std::int64_t rope = field("qk_rope_head_dim");
    if (const int rank = field("q_lora_rank"); rank > 0) {
      matrix(stem + "q_a_proj.weight", rank, hidden);
      norm(stem + "q_a_layernorm.weight", rank);
      matrix(stem + "q_b_proj.weight", heads * (nope + rope), rank);
    } else {
      matrix(stem + "q_proj.weight", heads * (nope + rope), hidden);
    }
    matrix(stem + "kv_a_proj_with_mqa.weight", latent + rope, hidden);
    norm(stem + "kv_a_layernorm.weight", latent);
    matrix(stem + "kv_b_proj.weight", heads * (nope + field("v_head_dim")), latent);
    matrix(stem + "o_proj.weight", hidden, heads * field("v_head_dim"));
  }

  void experts(const std::string& stem) {
    const int count = field("n_routed_experts");
    const int inner = field("moe_intermediate_size");
    matrix(stem + "gate.weight", count, field("hidden_size"), 3);
    if (config_["topk_method"] == "noaux_tc") {
      const double centre = weights_["bias"][0];
      const double width = weights_["bias"][1];
      uniform(stem + "gate.e_score_correction_bias", {count}, "F32",
              [=](double u) { return centre + width * u; });
    }
    for (int e = 0; e < count; ++e) {
      mlp(stem + "experts." + std::to_string(e) + ".", inner);
    }
    mlp(stem + "shared_experts.", inner * field("n_shared_experts"));
  }

  void layer(int number) {
    const std::string stem = "model.layers." + std::to_string(number) + ".";
    norm(stem + "input_layernorm.weight", field("hidden_size"));
    attention(stem + "self_attn.");
    norm(stem + "post_attention_layernorm.weight", field("hidden_size"));
    if (number >= field("first_k_dense_replace")) {
      experts(stem + "mlp.");
    } else {
      mlp(stem + "mlp.", field("intermediate_size"));
    }
  }

  void model() {
    const int hidden = field("hidden_size");
    const int vocab = field("vocab_size");
    const double scale = weights_.value("embed_scale", 1.0);
    const std::string dtype = weights_["dtype"];
    uniform("model.embed_tokens.weight", {vocab, hidden}, dtype == "F8_E4M3" ? "BF16" : dtype,
            [scale](double u) { return u * scale; });
    for (int n = 0; n < field("num_hidden_layers"); ++n) {
      layer(n);
    }
    if (config_.value("num_nextn_predict_layers", 0) > 0) {
      // The draft layer, which no golden uses: a loader must know it and leave it alone.
      const std::string stem = "model.layers." + std::to_string(field("num_hidden_layers")) + ".";
      layer(field("num_hidden_layers"));
      norm(stem + "enorm.weight", hidden);
      norm(stem + "hnorm.weight", hidden);
      norm(stem + "shared_head.norm.weight", hidden);
      uniform(stem + "eh_proj.weight", {hidden, 2 * hidden}, "BF16", [](double u) { return u; });
    }
    norm("model.norm.weight", hidden);
    if (!config_["tie_word_embeddings"].get<bool>()) {
      matrix("lm_head.weight", vocab, hidden, 6);
    }
  }

  json config_;
  json weights_;
  std::vector<Stored> tensors_;
};

// Writes the checkpoint of golden `name` into the existing folder.
inline void write_checkpoint(const std::string& name, const std::filesystem::path& folder) {
  Checkpoint(vectors(name)).write(folder);
}

}  // namespace assay::golden
