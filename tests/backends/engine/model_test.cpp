#include "backends/engine/model.h"

#include <functional>

#include "tests/backends/engine/random_model.h"
#include "tests/catch.h"

namespace assay::engine {

using kernels::Dtype;

TEST_CASE("a sound model has no contradiction") {
  CHECK(contradiction(RandomModel(small_v3(), Dtype::bf16).model()).empty());
  CHECK(contradiction(RandomModel(small_v2(), Dtype::f8_e4m3).model()).empty());
}

TEST_CASE("each contradiction is named in one line") {
  const RandomModel random(small_v3(), Dtype::f8_e4m3);
  const auto with = [&](const std::function<void(Model&)>& change) {
    Model model = random.model();
    change(model);
    return contradiction(model);
  };
  CHECK(with([](Model& m) { m.config.hidden_size = 0; }) ==
        "hidden_size is 0, expected a positive number");
  CHECK(with([](Model& m) { m.config.n_group = 5; }) == "n_group does not divide n_routed_experts");
  CHECK(with([](Model& m) { m.config.num_experts_per_tok = 7; }) ==
        "num_experts_per_tok is not between 1 and the experts that stay");
  CHECK(with([](Model& m) { m.config.qk_rope_head_dim = 11; }) == "qk_rope_head_dim is odd");
  CHECK(with([](Model& m) { m.weights.lm_head = {}; }) == "lm_head is missing");
  CHECK(with([](Model& m) { m.weights.layers[2].attention.kv_b.rows = 9; }) ==
        "model.layers.2.self_attn.kv_b_proj is 9 x 56, expected 220 x 56");
  CHECK(with([](Model& m) { m.weights.layers[1].moe.bias = {}; }) ==
        "model.layers.1.mlp.gate.e_score_correction_bias is missing");
  CHECK(with([](Model& m) { m.weights.layers[0].mlp.up.scales = nullptr; }) ==
        "model.layers.0.mlp.up_proj is FP8 without block scales");
  CHECK(with([](Model& m) { m.weights.layers.pop_back(); }) ==
        "the layers are not as many as num_hidden_layers");
}

}  // namespace assay::engine
