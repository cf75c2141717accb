// The engine's speed beside this machine's own limits, measured in the same run: decoding against
// the read bandwidth, prompts against the peak of the tile unit, and the batch curve against the
// formula of bytes touched (a step of B sequences reads d(B) = E (1 - (1 - k/E)^B) experts a
// layer).
//
//   bench_engine [bf16|fp8] [LAYERS] [THREADS] [PARTS]
//
// PARTS is a list out of decode, prompt, batch, invariance and exact, which repeats decode and
// prompt with bf16x3 activations (all of them). The model has the layer shapes of DeepSeek-V2-Lite
// and random weights. One line of JSON for each figure; a table is made of them, and of a peer's,
// by tests/bench/engine.py.

#include "backends/engine/engine.h"

#include <atomic>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <future>
#include <numeric>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <immintrin.h>

#include "tests/bench/machine_limits.h"

namespace {

using namespace assay;          // NOLINT(google-build-using-namespace): a program of one file
using namespace assay::engine;  // NOLINT(google-build-using-namespace)
using bench::best_time_s;
using bench::now_s;
using bench::read_bandwidth;
using kernels::Dtype;

using Words = std::uint32_t __attribute__((vector_size(64)));

// A free order of summation, for the cost of the fixed one: as many sums side by side as there are
// registers, over the same panels.
__attribute__((target("avx512f,avx512bw"))) void multiply_freely(const kernels::PackedView& w,
                                                                 const float* x, float* y,
                                                                 int panel_begin, int panel_end) {
  for (int panel = panel_begin; panel < panel_end; ++panel) {
    const std::uint8_t* row = w.data + w.panel_bytes * static_cast<std::size_t>(panel);
    __m512 sums[8];
    for (__m512& sum : sums) {
      sum = _mm512_setzero_ps();
    }
    for (int k = 0; k < w.cols_padded; k += 8) {
      for (int pair = 0; pair < 4; ++pair, row += 64) {
        Words both;
        __builtin_prefetch(row + 4096);
        std::memcpy(&both, row, sizeof both);
        const auto even = reinterpret_cast<__m512>(both << 16);
        const auto odd = reinterpret_cast<__m512>(both & 0xffff0000U);
        const float* at = x + k + 2 * pair;
        sums[2 * pair] = _mm512_fmadd_ps(_mm512_set1_ps(at[0]), even, sums[2 * pair]);
        sums[2 * pair + 1] = _mm512_fmadd_ps(_mm512_set1_ps(at[1]), odd, sums[2 * pair + 1]);
      }
    }
    for (int i = 1; i < 8; ++i) {
      sums[0] = _mm512_add_ps(sums[0], sums[i]);
    }
    _mm512_storeu_ps(y + panel * kernels::panel_rows, sums[0]);
  }
}

Config v2_lite(int layers) {
  Config c;
  c.family = Family::deepseek_v2;
  c.vocab_size = 102400;
  c.hidden_size = 2048;
  c.intermediate_size = 10944;
  c.moe_intermediate_size = 1408;
  c.num_hidden_layers = layers;
  c.num_attention_heads = 16;
  c.kv_lora_rank = 512;
  c.qk_nope_head_dim = 128;
  c.qk_rope_head_dim = 64;
  c.v_head_dim = 128;
  c.n_routed_experts = 64;
  c.n_shared_experts = 2;
  c.num_experts_per_tok = 6;
  c.topk_method = TopkMethod::greedy;
  c.scoring = Scoring::softmax;
  c.first_k_dense_replace = 1;
  c.yarn = Yarn{.factor = 40, .mscale = 0.707, .mscale_all_dim = 0.707};
  c.max_position_embeddings = 163840;
  return c;
}

// All tensors are views of one random block at different places; packing makes them distinct.
class BenchModel {
 public:
  BenchModel(const Config& config, Dtype dtype) : dtype_(dtype) {
    model_.name = "bench";
    model_.config = config;
    const std::size_t largest =
        static_cast<std::size_t>(config.vocab_size) * static_cast<std::size_t>(config.hidden_size);
    halves_.resize(largest);
    codes_.resize(std::size_t{64} << 20);
    std::uint64_t state = 88172645463325252U;
    const auto random = [&state] {
      state ^= state << 13;
      state ^= state >> 7;
      state ^= state << 17;
      return state >> 40;
    };
    for (std::uint16_t& half : halves_) {
      half = kernels::to_bf16((static_cast<float>(random()) * 0x1p-23F - 1.0F) * 0.04F);
    }
    for (std::uint8_t& code : codes_) {
      const auto bits = static_cast<std::uint8_t>(random());
      code = (bits & 0x7fU) == 0x7fU ? std::uint8_t{0} : bits;
    }
    scales_.assign(1 << 16, 0.0003F);
    ones_.assign(static_cast<std::size_t>(config.hidden_size) * 8, 1.0F);
    fill();
  }
  const Model& model() const { return model_; }

 private:
  Tensor matrix(Dtype dtype, std::int64_t rows, std::int64_t cols) {
    const auto count = static_cast<std::size_t>(rows * cols);
    const std::size_t room = dtype == Dtype::bf16 ? halves_.size() : codes_.size();
    place_ = (place_ + 4099 * 64) % (room - count + 1);
    const void* data = dtype == Dtype::bf16 ? static_cast<const void*>(halves_.data() + place_)
                                            : codes_.data() + place_;
    return {.dtype = dtype,
            .data = data,
            .rows = rows,
            .cols = cols,
            .scales = dtype == Dtype::f8_e4m3 ? scales_.data() : nullptr};
  }
  Tensor norm(std::int64_t cols) {
    return {.dtype = Dtype::f32, .data = ones_.data(), .rows = 1, .cols = cols};
  }
  MlpWeights mlp(std::int64_t inner) {
    const std::int64_t hidden = model_.config.hidden_size;
    return {.gate = matrix(dtype_, inner, hidden),
            .up = matrix(dtype_, inner, hidden),
            .down = matrix(dtype_, hidden, inner)};
  }
  void fill() {
    const Config& c = model_.config;
    const std::int64_t heads = c.num_attention_heads;
    model_.weights.embed = matrix(Dtype::bf16, c.vocab_size, c.hidden_size);
    model_.weights.lm_head = model_.weights.embed;
    model_.weights.norm = norm(c.hidden_size);
    for (int i = 0; i < c.num_hidden_layers; ++i) {
      LayerWeights w;
      w.input_layernorm = norm(c.hidden_size);
      w.post_attention_layernorm = norm(c.hidden_size);
      w.attention.q = matrix(dtype_, heads * c.qk_head_dim(), c.hidden_size);
      w.attention.kv_a = matrix(dtype_, c.kv_lora_rank + c.qk_rope_head_dim, c.hidden_size);
      w.attention.kv_a_layernorm = norm(c.kv_lora_rank);
      w.attention.kv_b =
          matrix(dtype_, heads * (c.qk_nope_head_dim + c.v_head_dim), c.kv_lora_rank);
      w.attention.o = matrix(dtype_, c.hidden_size, heads * c.v_head_dim);
      if (c.is_moe(i)) {
        w.moe.gate = matrix(Dtype::bf16, c.n_routed_experts, c.hidden_size);
        for (int e = 0; e < c.n_routed_experts; ++e) {
          w.moe.experts.push_back(mlp(c.moe_intermediate_size));
        }
        w.moe.shared = mlp(std::int64_t{c.n_shared_experts} * c.moe_intermediate_size);
      } else {
        w.mlp = mlp(c.intermediate_size);
      }
      model_.weights.layers.push_back(std::move(w));
    }
  }

  Dtype dtype_;
  std::size_t place_ = 0;
  std::vector<std::uint16_t> halves_;
  std::vector<std::uint8_t> codes_;
  std::vector<float> scales_;
  std::vector<float> ones_;
  Model model_;
};

std::vector<int> prompt_of(int length, int seed) {
  std::vector<int> tokens;
  for (int i = 0; i < length; ++i) {
    tokens.push_back((i * 7919 + seed * 104729 + 17) % 102400);
  }
  return tokens;
}

TokenRequest request_of(int prompt, int seed, int tokens) {
  TokenRequest request;
  request.tokens = prompt_of(prompt, seed);
  request.max_tokens = tokens;
  return request;
}

TokenResult answer(Engine& engine, TokenRequest request) {
  std::promise<TokenResult> result;
  engine.submit(std::move(request), [&](TokenResult r) { result.set_value(std::move(r)); });
  return result.get_future().get();
}

// Tokens per second while exactly `batch` sequences decode: from the last one's first token to the
// end of the first to finish.
double batch_rate(Engine& engine, int batch, int tokens) {
  std::vector<std::promise<void>> done(static_cast<std::size_t>(batch));
  std::atomic<int> begun{0};
  std::atomic<int> counted{0};
  double start = 0;
  double end = 0;
  for (int i = 0; i < batch; ++i) {
    TokenRequest request = request_of(32, i * 31 + batch, tokens);
    const auto seen = std::make_shared<int>(0);
    request.keep_going = [&, seen, tokens](int) {
      *seen += 1;
      if (*seen == 1 && ++begun == batch) {
        start = now_s();
        counted = 0;
      } else if (begun == batch && end == 0) {
        ++counted;
        end = *seen == tokens ? now_s() : 0;
      }
      return end == 0;
    };
    engine.submit(std::move(request), [&done, i](const TokenResult&) {
      done[static_cast<std::size_t>(i)].set_value();
    });
  }
  for (auto& each : done) {
    each.get_future().wait();
  }
  return counted / (end - start);
}

// engine.md 3.1: bytes of a step of B sequences, without the cache.
double formula_bytes(const Config& c, double w, int batch) {
  const double hidden = c.hidden_size;
  const double heads = c.num_attention_heads;
  const double latent = c.kv_lora_rank;
  const double attention =
      hidden * heads * c.qk_head_dim() + hidden * (latent + c.qk_rope_head_dim) +
      latent * heads * (c.qk_nope_head_dim + c.v_head_dim) + heads * c.v_head_dim * hidden;
  const double expert = 3 * hidden * c.moe_intermediate_size;
  const double experts = c.n_routed_experts;
  const double distinct = experts * (1 - std::pow(1 - c.num_experts_per_tok / experts, batch));
  const double layers = c.num_hidden_layers;
  const double moe = layers - c.first_k_dense_replace;
  return w * (layers * attention + c.first_k_dense_replace * 3 * hidden * c.intermediate_size +
              moe * (c.n_shared_experts + distinct) * expert) +
         2 * (c.vocab_size * hidden + moe * experts * hidden);
}

EngineOptions options_of(kernels::Activations activations, int threads) {
  EngineOptions options;
  options.activations = activations;
  options.threads = threads;
  options.chunk_tokens = 2048;
  options.share_prefixes = false;
  options.cache_bytes = std::size_t{512} << 20;
  return options;
}

// One figure of the table: a rate, and what was reached of which limit.
struct Figure {
  std::string what;
  std::string form;
  double tokens_per_s = 0;
  double reached = 0;
  double limit = 0;
  const char* unit = "";
};

void print(const Figure& f) {
  fmt::print(
      "{{\"what\": \"{}\", \"form\": \"{}\", \"tokens_per_s\": {:.2f}, \"reached\": {:.4g}, "
      "\"limit\": {:.4g}, \"unit\": \"{}\", \"share\": {:.4f}}}\n",
      f.what, f.form, f.tokens_per_s, f.reached, f.limit, f.unit, f.reached / f.limit);
}

struct Bench {
  Engine& engine;
  const char* form;
  int threads;
  double weight_bytes;  // of one weight

  void decode();
  void prompt(int length);
  void batches();
};

void Bench::decode() {
  const TokenResult one = answer(engine, request_of(128, 2, 1));
  Figure best{.what = "decode", .form = form, .limit = 1, .unit = "GB/s"};
  for (int round = 0; round < 3; ++round) {
    const double before = read_bandwidth(threads);
    const TokenResult many = answer(engine, request_of(128, 2, 33));
    const double bandwidth = std::max(before, read_bandwidth(threads));
    const double tokens = static_cast<double>(many.tokens.size()) - 1;
    const double bytes = (many.cost.bytes - one.cost.bytes) / tokens;
    const double rate = tokens / many.cost.decode_s;
    if (bytes * rate / bandwidth > best.reached / best.limit) {
      best.tokens_per_s = rate;
      best.reached = bytes * rate / 1e9;
      best.limit = bandwidth / 1e9;
    }
  }
  print(best);
}

// The limits of a prompt: what the unit computes, what it computes where tiles come from L2, and
// what the memory delivers, since every expert's weights are read once for a few rows.
void Bench::prompt(int length) {
  const bool tiles = engine.options().unit == kernels::Unit::amx;
  Figure best{.what = fmt::format("prompt of {}", length), .form = form, .limit = 1};
  best.unit = "TFLOP/s";
  double loop = 0;
  double bytes_per_s = 0;
  double bandwidth = 0;
  for (int round = 0; round < 3; ++round) {
    // The clock and the neighbours of a virtual machine change by the second.
    const double before = bench::peak_flops(engine.options().unit, threads);
    const double loop_before = tiles ? bench::tile_loop_flops(threads) : 0;
    const TokenResult result = answer(engine, request_of(length, 3 + round, 1));
    const double loop_after = tiles ? bench::tile_loop_flops(threads) : 0;
    const double peak = std::max(before, bench::peak_flops(engine.options().unit, threads));
    const double seconds = result.cost.prefill_s;
    if (result.cost.flop / seconds / peak > best.reached / best.limit) {
      best.tokens_per_s = length / seconds;
      best.reached = result.cost.flop / seconds / 1e12;
      best.limit = peak / 1e12;
      loop = std::max(loop_before, loop_after) / 1e12;
      bytes_per_s = result.cost.bytes / seconds;
      bandwidth = read_bandwidth(threads);
    }
  }
  print(best);
  Figure other = best;
  if (tiles) {
    other.what = best.what + ", of a tile loop in L2";
    other.limit = loop;
    print(other);
  }
  other.what = best.what + ", weights and cache read";
  other.reached = bytes_per_s / 1e9;
  other.limit = bandwidth / 1e9;
  other.unit = "GB/s";
  print(other);
}

void Bench::batches() {
  for (int batch = 1; batch <= 64; batch *= 2) {
    const double before = read_bandwidth(threads);
    const double measured = batch_rate(engine, batch, 24);
    const double bandwidth = std::max(before, read_bandwidth(threads));
    const double limit = batch * bandwidth / formula_bytes(engine.config(), weight_bytes, batch);
    print({.what = fmt::format("batch of {}", batch),
           .form = form,
           .tokens_per_s = measured,
           .reached = measured,
           .limit = limit,
           .unit = "tok/s"});
  }
}

// Decoding through the fixed order of summation beside a free one; the same weights.
void order_cost(const BenchModel& model, int threads) {
  const kernels::PackedMatrix w = kernels::pack(kernels::whole(model.model().weights.lm_head));
  kernels::PackedRows x;
  x.reset(1, w.view.cols, kernels::Activations::bf16, {});
  const std::vector<float> ones(static_cast<std::size_t>(w.view.cols), 0.5F);
  x.set(0, ones.data());
  std::vector<float> y(static_cast<std::size_t>(w.view.rows) + kernels::panel_rows);
  const kernels::Ops& ops = kernels::ops(kernels::best_unit());
  const auto begin_of = [&](int t) { return w.view.panels / threads * t; };
  double fixed_s = 1e30;
  double free_s = 1e30;
  for (int round = 0; round < 5; ++round) {
    fixed_s = std::min(fixed_s, best_time_s(threads, 1, [&](int t) {
                         const kernels::FlushDenormals flush;
                         ops.linear({.w = w.view,
                                     .x = x.view(),
                                     .y = y.data(),
                                     .y_stride = w.view.rows,
                                     .row_begin = 0,
                                     .row_end = 1,
                                     .panel_begin = begin_of(t),
                                     .panel_end = begin_of(t + 1)});
                       }));
    free_s = std::min(free_s, best_time_s(threads, 1, [&](int t) {
                        multiply_freely(w.view, x.view().values[0], y.data(), begin_of(t),
                                        begin_of(t + 1));
                      }));
  }
  const double bytes = static_cast<double>(w.bytes());
  print({.what = "invariance: one row, fixed order of sums beside a free one",
         .form = "bf16",
         .reached = bytes / fixed_s / 1e9,
         .limit = bytes / free_s / 1e9,
         .unit = "GB/s"});
}

// Seconds of one layer's attention over a prompt, where a position has `width` channels and 16
// heads share it.
double attention_s(int tokens, int latent, int width) {
  constexpr int heads = 16;
  const kernels::Unit unit = kernels::best_unit();
  const kernels::LatentPage page = {.form = kernels::page_form(unit, kernels::Activations::bf16),
                                    .latent = latent,
                                    .width = width};
  const auto size = [](std::int64_t count) { return static_cast<std::size_t>(count); };
  const int count = (tokens + kernels::LatentPage::positions - 1) / kernels::LatentPage::positions;
  std::vector<float> cache(size(count * page.size()));
  const std::vector<float> position(size(width), 0.01F);
  std::vector<const float*> pages;
  for (int i = 0; i < count; ++i) {
    float* at = cache.data() + i * page.size();
    for (int j = 0; j < kernels::LatentPage::positions; ++j) {
      page.write(at, j, position.data());
    }
    pages.push_back(at);
  }
  const std::vector<float> q(size(std::int64_t{tokens} * heads * page.stride()), 0.02F);
  std::vector<float> out(size(std::int64_t{tokens} * heads * latent));
  const std::vector<const float* const*> tables(size(tokens), pages.data());
  std::vector<int> visible(size(tokens));
  std::iota(visible.begin(), visible.end(), 1);
  return best_time_s(1, 5, [&](int) {
    const kernels::FlushDenormals flush;
    kernels::ops(unit).attention({.q = q.data(),
                                  .out = out.data(),
                                  .pages = tables.data(),
                                  .visible = visible.data(),
                                  .page = page,
                                  .heads = heads,
                                  .scale = 0.1F,
                                  .row_end = tokens,
                                  .head_end = heads});
  });
}

// Attention of a prompt in the absorbed form, which makes chunks invisible, beside the expanded
// one, which needs fewer operations: 192 channels of keys and 128 of values instead of 576 and 512.
// There 16 rows of one head share what 16 heads of one row share here, so that the same kernel does
// it; carrying queries and values through kv_b costs both the same.
void attention_cost(int tokens) {
  print(
      {.what = fmt::format("invariance: attention of {} tokens, absorbed beside expanded", tokens),
       .form = "bf16",
       .reached = attention_s(tokens, 512, 576) * 1e3,
       .limit = attention_s(tokens, 128, 192) * 1e3,
       .unit = "ms a layer"});
}

void run(const BenchModel& model, kernels::Activations activations, const char* form, int threads,
         double w, const std::string& parts) {
  Engine engine(model.model(), options_of(activations, threads));
  answer(engine, request_of(64, 1, 4));
  Bench bench{.engine = engine, .form = form, .threads = threads, .weight_bytes = w};
  if (parts.find("decode") != std::string::npos) {
    bench.decode();
  }
  if (parts.find("prompt") != std::string::npos) {
    for (const int length : {128, 512, 2048}) {
      bench.prompt(length);
    }
  }
  if (parts.find("batch") != std::string::npos) {
    bench.batches();
  }
}

}  // namespace

int main(int argc, char** argv) {
  std::setvbuf(stdout, nullptr, _IOLBF, 0);
  const bool fp8 = argc > 1 && std::string(argv[1]) == "fp8";
  const int layers = argc > 2 ? std::atoi(argv[2]) : 4;
  const int threads = argc > 3 ? std::atoi(argv[3]) : 2;
  const std::string parts = argc > 4 ? argv[4] : "decode,prompt,batch,invariance,exact";
  const BenchModel model(v2_lite(layers), fp8 ? Dtype::f8_e4m3 : Dtype::bf16);
  const double w = fp8 ? 1 + 4 / 16384.0 : 2;
  fmt::print("{{\"weights\": \"{}\", \"layers\": {}, \"threads\": {}, \"kernels\": \"{}\"}}\n",
             fp8 ? "fp8" : "bf16", layers, threads, kernels::name_of(kernels::best_unit()));
  run(model, kernels::Activations::bf16, "bf16", threads, w, parts);
  if (parts.find("exact") != std::string::npos) {
    run(model, kernels::Activations::bf16x3, "bf16x3", threads, w, "decode,prompt");
  }
  if (parts.find("invariance") != std::string::npos && kernels::supported(kernels::Unit::avx512)) {
    order_cost(model, threads);
    attention_cost(512);
    attention_cost(2048);
  }
  return 0;
}
