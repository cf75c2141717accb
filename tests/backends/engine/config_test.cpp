#include "backends/engine/config.h"

#include <string>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/goldens/checkpoint.h"
#include "tests/scratch.h"

using namespace assay;
using namespace assay::engine;
using Catch::Matchers::Contains;
using nlohmann::json;

namespace {

json fields_of(const char* golden_name) {
  return golden::vectors(golden_name)["config"];
}

std::string refusal(const json& fields) {
  try {
    parse_config(fields, "config.json");
  } catch (const UserError& error) {
    const std::string line = error.what();
    CHECK(line.starts_with("config.json: "));
    CHECK(line.find('\n') == std::string::npos);
    return line.substr(std::string("config.json: ").size());
  }
  return "";
}

std::string refusal_with(const char* name, const json& value) {
  json fields = fields_of("tiny_v3");
  fields[name] = value;
  return refusal(fields);
}

}  // namespace

TEST_CASE("a config.json of V3 gives all its fields") {
  const Config config = parse_config(fields_of("tiny_v3"), "config.json");
  CHECK(config.family == Family::deepseek_v3);
  CHECK(config.vocab_size == 1024);
  CHECK(config.q_lora_rank == 96);
  CHECK(config.topk_method == TopkMethod::noaux_tc);
  CHECK(config.scoring == Scoring::sigmoid);
  CHECK(config.norm_topk_prob);
  CHECK(config.routed_scaling_factor == 2.5);
  REQUIRE(config.yarn);
  CHECK(config.yarn->factor == 40);
  CHECK(config.yarn->original_max_position_embeddings == 4096);
  CHECK(config.yarn->mscale_all_dim == 1);
  CHECK(config.eos_token_ids == std::vector<int>{1});
  CHECK(config.is_moe(1));
  CHECK_FALSE(config.is_moe(0));
}

TEST_CASE("V2's fields differ where the models do") {
  const Config config = parse_config(fields_of("tiny_v2_group"), "config.json");
  CHECK(config.family == Family::deepseek_v2);
  CHECK(config.topk_method == TopkMethod::group_limited_greedy);
  CHECK(config.scoring == Scoring::softmax);
  CHECK(config.routed_scaling_factor == 16);
  CHECK(parse_config(fields_of("tiny_v2"), "config.json").q_lora_rank == 0);
  CHECK_FALSE(parse_config(fields_of("tiny_plain"), "config.json").yarn);
}

TEST_CASE("what newer versions of transformers write reads the same") {
  json fields = fields_of("tiny_v3");
  json rope = fields["rope_scaling"];
  rope.erase("type");
  rope["rope_type"] = "yarn";
  rope["rope_theta"] = 50000.0;
  fields["rope_parameters"] = rope;
  fields.erase("rope_scaling");
  fields.erase("rope_theta");
  fields.erase("topk_method");
  fields.erase("scoring_func");
  fields["head_dim"] = 16;
  fields["rope_interleave"] = true;
  const Config config = parse_config(fields, "config.json");
  CHECK(config.rope_theta == 50000);
  CHECK(config.yarn->factor == 40);
  CHECK(config.topk_method == TopkMethod::noaux_tc);
  CHECK(config.scoring == Scoring::sigmoid);
}

TEST_CASE("every field that the model needs is missed by its name") {
  for (const char* name : {"model_type",
                           "vocab_size",
                           "hidden_size",
                           "intermediate_size",
                           "moe_intermediate_size",
                           "num_hidden_layers",
                           "num_attention_heads",
                           "q_lora_rank",
                           "kv_lora_rank",
                           "qk_nope_head_dim",
                           "qk_rope_head_dim",
                           "v_head_dim",
                           "num_experts_per_tok",
                           "n_group",
                           "topk_group",
                           "routed_scaling_factor",
                           "first_k_dense_replace",
                           "rms_norm_eps",
                           "rope_theta",
                           "max_position_embeddings"}) {
    json fields = fields_of("tiny_v3");
    fields.erase(name);
    CHECK_THAT(refusal(fields), Contains(std::string(name) + " is missing"));
    fields[name] = json::object();
    CHECK_THAT(refusal(fields), Contains(name));
  }
}

TEST_CASE("a field of another type, or out of bounds, is named") {
  CHECK(refusal_with("hidden_size", 256.0) == "hidden_size must be a whole number");
  CHECK(refusal_with("hidden_size", "256") == "hidden_size must be a whole number");
  CHECK_THAT(refusal_with("hidden_size", -1), Contains("hidden_size is -1; must be 1 to"));
  CHECK_THAT(refusal_with("vocab_size", UINT64_MAX),
             Contains("vocab_size is 18446744073709551615"));
  CHECK_THAT(refusal_with("num_hidden_layers", 1'000'000'000), Contains("num_hidden_layers is"));
  CHECK_THAT(refusal_with("norm_topk_prob", 1), Contains("norm_topk_prob must be true or false"));
  CHECK_THAT(refusal_with("rms_norm_eps", "1e-6"), Contains("rms_norm_eps must be a number"));
  CHECK_THAT(refusal_with("num_experts_per_tok", 17), Contains("num_experts_per_tok is 17"));
  CHECK_THAT(refusal_with("num_experts_per_tok", 9), Contains("more than topk_group groups hold"));
  CHECK_THAT(refusal_with("n_group", 3), Contains("n_group must divide"));
  CHECK_THAT(refusal_with("n_group", 16), Contains("fewer than the two experts"));
  CHECK_THAT(refusal_with("qk_rope_head_dim", 7), Contains("must be even"));
  CHECK_THAT(refusal_with("num_key_value_heads", 2), Contains("must equal num_attention_heads"));
  CHECK_THAT(refusal_with("eos_token_id", {1, "x"}), Contains("eos_token_id must be"));
  CHECK_THAT(refusal_with("rope_scaling", {{"type", "yarn"}}), Contains("factor is missing"));
  CHECK_THAT(refusal_with("rope_scaling", {{"factor", 4}}), Contains("rope_scaling needs a type"));
  CHECK_THAT(refusal_with("rope_scaling", {{"type", "linear"}, {"factor", 4}}),
             Contains("type is \"linear\"; known: yarn, default"));
}

TEST_CASE("what this engine does not compute is refused, what means nothing is not") {
  CHECK_THAT(refusal_with("model_type", "llama"), Contains("known: deepseek_v2, deepseek_v3"));
  CHECK_THAT(refusal_with("index_topk", 2048), Contains("\"index_topk\" is unknown"));
  CHECK_THAT(refusal_with("attention_bias", true), Contains("computes only false"));
  CHECK_THAT(refusal_with("hidden_act", "gelu"), Contains("hidden_act is"));
  CHECK_THAT(refusal_with("topk_method", "random"),
             Contains("known: greedy, group_limited_greedy"));
  CHECK_THAT(refusal_with("quantization_config", {{"quant_method", "gptq"}}),
             Contains("quant_method is"));
  CHECK_THAT(refusal_with("quantization_config",
                          {{"quant_method", "fp8"}, {"weight_block_size", {64, 64}}}),
             Contains("weight_block_size is"));
  CHECK(refusal_with("quantization_config", {{"quant_method", "fp8"},
                                             {"fmt", "e4m3"},
                                             {"scale_fmt", "ue8m0"},
                                             {"activation_scheme", "dynamic"},
                                             {"weight_block_size", {128, 128}}}) == "");
  CHECK(refusal_with("index_topk", nullptr) == "");
  CHECK(refusal_with("_name_or_path", "x") == "");
  CHECK(refusal_with("id2label", json::object()) == "");
}

TEST_CASE("generation_config.json adds the ends of answers and the sampling") {
  const ScratchFolder folder;
  folder.write("config.json", fields_of("tiny_v3").dump());
  CHECK_FALSE(read_generation_defaults(folder.path()).temperature);
  folder.write("generation_config.json",
               R"({"eos_token_id":[5,1],"temperature":0.6,"top_p":0.95,"do_sample":true,"x":1})");
  CHECK(read_config(folder.path()).eos_token_ids == std::vector<int>{5, 1});
  CHECK(read_generation_defaults(folder.path()).temperature == 0.6);
  CHECK(read_generation_defaults(folder.path()).top_p == 0.95);
  CHECK_FALSE(read_generation_defaults(folder.path()).top_k);
  folder.write("generation_config.json", R"({"do_sample":false,"top_k":50})");
  CHECK(read_generation_defaults(folder.path()).temperature == 0.0);
  CHECK(read_generation_defaults(folder.path()).top_k == 50);
  folder.write("generation_config.json", R"({"temperature":"hot"})");
  CHECK_THROWS_WITH(read_generation_defaults(folder.path()),
                    Contains("generation_config.json: temperature must be a number"));
  folder.write("config.json", "{\n\"vocab_size\": 1,\n}");
  CHECK_THROWS_WITH(read_config(folder.path()), Contains("config.json:3: not JSON"));
}
