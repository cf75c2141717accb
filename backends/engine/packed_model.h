// A checkpoint's weights in the order the kernels read them, made once at load.
#pragma once

#include <vector>

#include "backends/engine/model.h"
#include "kernels/pack.h"
#include "kernels/workers.h"

namespace assay::engine {

struct PackedMlp {
  kernels::PackedMatrix gate;  // (inner, H)
  kernels::PackedMatrix up;    // (inner, H)
  kernels::PackedMatrix down;  // (H, inner)

  std::size_t bytes() const { return gate.bytes() + up.bytes() + down.bytes(); }
};

struct PackedLayer {
  std::vector<float> input_norm;  // (H)
  std::vector<float> post_norm;   // (H)
  kernels::PackedMatrix q_a;      // (Q, H); empty without q_lora
  std::vector<float> q_norm;      // (Q)
  kernels::PackedMatrix q;        // (nh*(P+R), Q), or (nh*(P+R), H) without q_lora
  kernels::PackedMatrix kv_a;     // (C+R, H)
  std::vector<float> kv_norm;     // (C)
  // kv_b_proj cut by head. The key part is turned round, so that a query is carried into the latent
  // space instead of every key out of it.
  std::vector<kernels::PackedMatrix> key_up;    // per head (C, P)
  std::vector<kernels::PackedMatrix> value_up;  // per head (Vd, C)
  kernels::PackedMatrix o;                      // (H, nh*Vd)

  bool moe = false;
  PackedMlp mlp;               // where moe is false
  kernels::PackedMatrix gate;  // (E, H)
  std::vector<float> bias;     // (E), or empty
  std::vector<PackedMlp> experts;
  PackedMlp shared;  // empty matrices where there is none
};

struct PackedModel {
  Config config;
  Tensor embed;  // (V, H), as in the checkpoint: rows are read one at a time
  std::vector<PackedLayer> layers;
  std::vector<float> norm;  // (H)
  kernels::PackedMatrix lm_head;
  std::shared_ptr<const void> storage;  // keeps `embed` alive

  std::size_t bytes() const;  // of all packed weights
};

// REQUIRES: contradiction(model).empty().
PackedModel pack_model(const Model& model, kernels::Workers& workers);

}  // namespace assay::engine
