#include "backends/engine/load.h"

#include <cmath>
#include <cstring>
#include <limits>
#include <string>

#include <nlohmann/json.hpp>

#include "backends/engine/tokenizer.h"
#include "harness/error.h"
#include "tests/catch.h"
#include "tests/goldens/checkpoint.h"
#include "tests/scratch.h"

using namespace assay;
using namespace assay::engine;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

std::string refusal(const ScratchFolder& folder) {
  try {
    load_model(folder.path());
  } catch (const UserError& error) {
    CHECK(std::string(error.what()).find('\n') == std::string::npos);
    return error.what();
  }
  return "";
}

struct File {
  json header;
  std::string data;
};

File read(const ScratchFolder& folder) {
  const std::string bytes = golden::file_bytes(folder.path() / "model.safetensors");
  std::uint64_t length = 0;
  std::memcpy(&length, bytes.data(), sizeof length);
  return {json::parse(bytes.substr(8, length)), bytes.substr(8 + length)};
}

void write(const ScratchFolder& folder, const File& file) {
  golden::Checkpoint::write_file(folder.path() / "model.safetensors", file.header, file.data);
}

// Overwrites one f32 of a tensor.
void poison(File& file, const std::string& name, float value) {
  const auto begin = file.header[name]["data_offsets"][0].get<std::size_t>();
  std::memcpy(file.data.data() + begin, &value, sizeof value);
}

}  // namespace

TEST_CASE("every golden checkpoint loads with the shapes and values that were written") {
  for (const std::string& name : golden::names()) {
    INFO(name);
    const ScratchFolder folder;
    golden::write_checkpoint(name, folder.path());
    const Model model = load_model(folder.path());
    const Config& config = model.config;
    CHECK(model.name == folder.path().filename().string());
    CHECK(contradiction(model).empty());
    CHECK(model.weights.layers.size() == static_cast<std::size_t>(config.num_hidden_layers));
    CHECK((model.weights.lm_head.data == model.weights.embed.data) == config.tie_word_embeddings);
    for (const LayerWeights& layer : model.weights.layers) {
      const float scale = kernels::element(layer.attention.kv_a, 3, 5);
      CHECK(std::isfinite(scale));
      CHECK(std::abs(kernels::element(layer.input_layernorm, 0, 7) - 1) <= 0.126F);
    }
  }
}

TEST_CASE("a tensor that is missing, extra, or of another shape or type is named") {
  const ScratchFolder folder;
  golden::write_checkpoint("tiny_plain", folder.path());
  const File good = read(folder);
  REQUIRE(refusal(folder).empty());
  const std::string norm = "model.layers.2.mlp.experts.15.down_proj.weight";

  File file = good;
  file.header["model.layers.1.self_attn.o_proj.bias"] = file.header[norm];
  file.header.erase(norm);
  write(folder, file);
  CHECK_THAT(refusal(folder), Contains("tensor \"" + norm + "\": is missing"));

  file = good;
  const std::size_t end = file.data.size();
  file.header["model.layers.1.self_attn.o_proj.bias"] = {
      {"dtype", "F32"}, {"shape", {2}}, {"data_offsets", {end, end + 8}}};
  file.data.resize(end + 8);
  write(folder, file);
  CHECK_THAT(
      refusal(folder),
      Contains("tensor \"model.layers.1.self_attn.o_proj.bias\": is not part of this model"));

  file = good;
  auto& shape = file.header[norm]["shape"];
  std::swap(shape[0], shape[1]);
  write(folder, file);
  CHECK_THAT(refusal(folder),
             Contains(norm) && Contains("has shape [128, 256]; config.json needs [256, 128]"));

  file = good;
  file.header[norm]["dtype"] = "I32";
  write(folder, file);
  CHECK_THAT(refusal(folder), Contains(norm) && Contains("has type I32"));
}

TEST_CASE("a vocabulary larger than the embedding is refused, in the model and in the tokenizer") {
  const ScratchFolder folder;
  golden::write_checkpoint("tiny_plain", folder.path());
  json config = golden::vectors("tiny_plain")["config"];
  config["vocab_size"] = 2048;
  folder.write("config.json", config.dump());
  CHECK_THAT(refusal(folder), Contains("model.embed_tokens.weight") &&
                                  Contains("has shape [1024, 256]; config.json needs [2048, 256]"));
  folder.write("tokenizer.json", R"({"model":{"type":"BPE","vocab":{"a":0,"b":1024},"merges":[]},
    "pre_tokenizer":{"type":"ByteLevel","add_prefix_space":false}})");
  CHECK_THROWS_WITH(load_tokenizer(folder.path(), 1024),
                    Contains("token \"b\" has id 1024, but vocab_size in config.json is 1024"));
}

TEST_CASE("scales and vectors that are not finite are refused") {
  const ScratchFolder folder;
  golden::write_checkpoint("tiny_fp8", folder.path());
  const File good = read(folder);
  const std::string scale = "model.layers.3.mlp.shared_experts.up_proj.weight_scale_inv";
  for (const float value : {std::nanf(""), std::numeric_limits<float>::infinity()}) {
    File file = good;
    poison(file, scale, value);
    write(folder, file);
    CHECK_THAT(refusal(folder), Contains(scale) && Contains("scale 0 is not finite"));
  }
  File file = good;
  poison(file, "model.layers.1.mlp.gate.e_score_correction_bias", std::nanf(""));
  write(folder, file);
  CHECK_THAT(refusal(folder), Contains("e_score_correction_bias") && Contains("not finite"));

  file = good;
  file.header[scale]["dtype"] = "I32";
  write(folder, file);
  CHECK_THAT(refusal(folder), Contains("scales must be F32"));
}

TEST_CASE("scales that their file does not align are read all the same") {
  const ScratchFolder folder;
  golden::write_checkpoint("tiny_fp8", folder.path());
  const Model aligned = load_model(folder.path());
  const ScratchFolder shifted;
  std::filesystem::copy(folder.path() / "config.json", shifted.path() / "config.json");
  const File file = read(folder);
  std::string header = file.header.dump();
  header.resize((header.size() + 7) / 8 * 8 + 1, ' ');
  const std::uint64_t length = header.size();
  shifted.write("model.safetensors",
                std::string(reinterpret_cast<const char*>(&length), 8) + header + file.data);
  const Model moved = load_model(shifted.path());
  const Tensor& one = aligned.weights.layers[2].attention.kv_b;
  const Tensor& other = moved.weights.layers[2].attention.kv_b;
  for (std::int64_t row = 0; row < one.rows; row += 61) {
    CHECK(kernels::element(one, row, 200) == kernels::element(other, row, 200));
  }
}

TEST_CASE("draft layers belong to V3 alone") {
  const ScratchFolder folder;
  golden::write_checkpoint("tiny_v3", folder.path());
  json config = golden::vectors("tiny_v3")["config"];
  config["num_hidden_layers"] = 2;
  folder.write("config.json", config.dump());
  CHECK(refusal(folder).empty());  // layers 2 to 4 are then drafts
  config["num_hidden_layers"] = 5;
  folder.write("config.json", config.dump());
  CHECK_THAT(refusal(folder), Contains("tensor \"model.layers.4.") && Contains("not part"));
}

TEST_CASE("a folder that holds no model says what is missing") {
  const ScratchFolder folder;
  CHECK_THAT(refusal(folder), Contains("config.json: cannot read"));
  folder.write("config.json", golden::vectors("tiny_v3")["config"].dump());
  CHECK_THAT(refusal(folder), Contains("has neither model.safetensors nor"));
}
