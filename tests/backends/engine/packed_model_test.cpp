#include "backends/engine/packed_model.h"

#include "tests/backends/engine/random_model.h"
#include "tests/catch.h"

namespace assay::engine {

using kernels::Dtype;

TEST_CASE("packing keeps every weight and cuts kv_b_proj by head") {
  const RandomModel random(small_v3(), Dtype::bf16);
  kernels::Workers workers(2);
  const PackedModel packed = pack_model(random.model(), workers);
  const Config& c = packed.config;
  REQUIRE(packed.layers.size() == 3);
  CHECK_FALSE(packed.layers[0].moe);
  CHECK(packed.layers[1].moe);
  CHECK(packed.layers[1].experts.size() == 12);
  CHECK(packed.layers[0].key_up.size() == 5);
  CHECK(packed.layers[0].key_up[0].view.rows == c.kv_lora_rank);
  CHECK(packed.layers[0].key_up[0].view.cols == c.qk_nope_head_dim);
  CHECK(packed.layers[0].value_up[0].view.rows == c.v_head_dim);
  CHECK(packed.layers[0].bias.empty());
  CHECK(packed.layers[2].bias.size() == 12);
  // Every packed weight of the checkpoint: 2 bytes each.
  const double attention = 48 * 72 + 5 * 36 * 48 + 68 * 72 + 5 * 44 * 56 + 72 * 100;
  const double moe = 12 * 72 + 13 * 3 * 72 * 40;
  CHECK(static_cast<double>(packed.bytes()) ==
        2 * (3 * attention + 3 * 72 * 100 + 2 * moe + 203 * 72));
}

TEST_CASE("a model without q_lora packs its one query projection") {
  const RandomModel random(small_v2(), Dtype::f32);
  kernels::Workers workers(1);
  const PackedModel packed = pack_model(random.model(), workers);
  CHECK(packed.layers[0].q_a.empty());
  CHECK(packed.layers[0].q.view.cols == 72);
  CHECK(packed.layers[1].shared.gate.view.rows == 80);
}

}  // namespace assay::engine
