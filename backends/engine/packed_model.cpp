#include "backends/engine/packed_model.h"

#include <functional>

namespace assay::engine {

namespace {

using kernels::MatrixSource;
using kernels::PackedMatrix;

std::vector<float> vector_of(const Tensor& tensor) {
  std::vector<float> values(static_cast<std::size_t>(tensor.rows * tensor.cols));
  for (std::size_t i = 0; i < values.size(); ++i) {
    values[i] = kernels::element(tensor, 0, static_cast<std::int64_t>(i));
  }
  return values;
}

// What is to be packed where; filled first, so that the work can be spread over threads.
class Jobs {
 public:
  void add(const Tensor& from, PackedMatrix& to) {
    if (!from.empty()) {
      add(kernels::whole(from), to);
    }
  }
  void add(const MatrixSource& from, PackedMatrix& to) { jobs_.push_back({from, &to}); }
  void add(const MlpWeights& from, PackedMlp& to) {
    add(from.gate, to.gate);
    add(from.up, to.up);
    add(from.down, to.down);
  }
  void run(kernels::Workers& workers) const {
    workers.run(static_cast<int>(jobs_.size()), [&](int i) {
      const Job& job = jobs_[static_cast<std::size_t>(i)];
      *job.to = kernels::pack(job.from);
    });
  }

 private:
  struct Job {
    MatrixSource from;
    PackedMatrix* to;
  };
  std::vector<Job> jobs_;
};

void add_attention(const Config& config, const AttentionWeights& from, PackedLayer& to,
                   Jobs& jobs) {
  if (config.q_lora_rank > 0) {
    jobs.add(from.q_a, to.q_a);
    to.q_norm = vector_of(from.q_a_layernorm);
    jobs.add(from.q_b, to.q);
  } else {
    jobs.add(from.q, to.q);
  }
  jobs.add(from.kv_a, to.kv_a);
  to.kv_norm = vector_of(from.kv_a_layernorm);
  const auto heads = static_cast<std::size_t>(config.num_attention_heads);
  const std::int64_t head_rows = config.qk_nope_head_dim + config.v_head_dim;
  to.key_up.resize(heads);
  to.value_up.resize(heads);
  for (std::size_t h = 0; h < heads; ++h) {
    MatrixSource source{.tensor = from.kv_b,
                        .row = static_cast<std::int64_t>(h) * head_rows,
                        .rows = config.qk_nope_head_dim,
                        .cols = config.kv_lora_rank,
                        .transposed = true};
    jobs.add(source, to.key_up[h]);
    source.row += config.qk_nope_head_dim;
    source.rows = config.v_head_dim;
    source.transposed = false;
    jobs.add(source, to.value_up[h]);
  }
  jobs.add(from.o, to.o);
}

void add_layer(const Config& config, const LayerWeights& from, PackedLayer& to, Jobs& jobs) {
  to.input_norm = vector_of(from.input_layernorm);
  to.post_norm = vector_of(from.post_attention_layernorm);
  add_attention(config, from.attention, to, jobs);
  if (!to.moe) {
    jobs.add(from.mlp, to.mlp);
    return;
  }
  jobs.add(from.moe.gate, to.gate);
  to.bias = from.moe.bias.empty() ? std::vector<float>() : vector_of(from.moe.bias);
  to.experts.resize(from.moe.experts.size());
  for (std::size_t e = 0; e < to.experts.size(); ++e) {
    jobs.add(from.moe.experts[e], to.experts[e]);
  }
  jobs.add(from.moe.shared, to.shared);
}

std::size_t bytes_of_layer(const PackedLayer& layer) {
  std::size_t bytes = layer.q_a.bytes() + layer.q.bytes() + layer.kv_a.bytes() + layer.o.bytes() +
                      layer.mlp.bytes() + layer.gate.bytes() + layer.shared.bytes();
  for (std::size_t h = 0; h < layer.key_up.size(); ++h) {
    bytes += layer.key_up[h].bytes() + layer.value_up[h].bytes();
  }
  for (const PackedMlp& expert : layer.experts) {
    bytes += expert.bytes();
  }
  return bytes;
}

}  // namespace

std::size_t PackedModel::bytes() const {
  std::size_t total = lm_head.bytes();
  for (const PackedLayer& layer : layers) {
    total += bytes_of_layer(layer);
  }
  return total;
}

PackedModel pack_model(const Model& model, kernels::Workers& workers) {
  PackedModel packed;
  packed.config = model.config;
  packed.embed = model.weights.embed;
  packed.storage = model.storage;
  packed.norm = vector_of(model.weights.norm);
  packed.layers.resize(model.weights.layers.size());
  Jobs jobs;
  jobs.add(model.weights.lm_head, packed.lm_head);
  for (std::size_t i = 0; i < packed.layers.size(); ++i) {
    packed.layers[i].moe = model.config.is_moe(static_cast<int>(i));
    add_layer(model.config, model.weights.layers[i], packed.layers[i], jobs);
  }
  jobs.run(workers);
  return packed;
}

}  // namespace assay::engine
