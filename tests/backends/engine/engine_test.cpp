#include "backends/engine/engine.h"

#include <cstring>
#include <future>
#include <map>
#include <mutex>

#include "harness/error.h"
#include "tests/backends/engine/random_model.h"
#include "tests/catch.h"

namespace assay::engine {

namespace {

using kernels::Activations;
using kernels::Dtype;
using kernels::Unit;

std::vector<int> prompt_of(int length, int seed) {
  std::vector<int> tokens;
  for (int i = 0; i < length; ++i) {
    tokens.push_back((i * 37 + seed * 11 + i * i % 7) % 203);
  }
  return tokens;
}

// Rows of logits by position, as the engine shows them.
using Rows = std::map<int, std::vector<float>>;

struct Watched {
  std::mutex mutex;
  Rows rows;
  std::promise<TokenResult> result;
};

void submit(Engine& engine, TokenRequest request, Watched& watched) {
  request.observe = [&watched](int position, std::span<const float> logits) {
    const std::lock_guard lock(watched.mutex);
    watched.rows[position] = {logits.begin(), logits.end()};
  };
  engine.submit(std::move(request),
                [&watched](TokenResult result) { watched.result.set_value(std::move(result)); });
}

TokenResult answer(Engine& engine, TokenRequest request, Rows* rows = nullptr) {
  Watched watched;
  submit(engine, std::move(request), watched);
  TokenResult result = watched.result.get_future().get();
  if (rows != nullptr) {
    *rows = watched.rows;
  }
  return result;
}

bool same_bits(const Rows& a, const Rows& b) {
  if (a.size() != b.size()) {
    return false;
  }
  for (const auto& [position, row] : a) {
    const auto other = b.find(position);
    if (other == b.end() || other->second.size() != row.size() ||
        std::memcmp(row.data(), other->second.data(), row.size() * sizeof(float)) != 0) {
      return false;
    }
  }
  return true;
}

EngineOptions options_for(Unit unit, int threads, int chunk) {
  EngineOptions options;
  options.unit = unit;
  options.threads = threads;
  options.chunk_tokens = chunk;
  options.cache_bytes = 8U << 20;
  return options;
}

TokenRequest ask(int length, int seed, int tokens) {
  TokenRequest request;
  request.tokens = prompt_of(length, seed);
  request.max_tokens = tokens;
  request.sampling = {.temperature = 1.0};
  request.seed = static_cast<std::uint64_t>(seed);
  return request;
}

}  // namespace

TEST_CASE("logits are the same bits alone and in batches of 2, 7 and 32") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 2, 48));
  Rows alone;
  const auto expected = answer(engine, ask(70, 1, 12), &alone);
  CHECK(expected.tokens.size() == 12);
  for (const int batch : {2, 7, 32}) {
    std::vector<Watched> watched(static_cast<std::size_t>(batch));
    for (int i = 0; i < batch; ++i) {
      submit(engine, i == batch / 2 ? ask(70, 1, 12) : ask(5 + i * 3, i + 2, 6 + i % 9),
             watched[static_cast<std::size_t>(i)]);
    }
    for (int i = 0; i < batch; ++i) {
      const auto result = watched[static_cast<std::size_t>(i)].result.get_future().get();
      if (i == batch / 2) {
        INFO("batch of " << batch);
        CHECK(result.tokens == expected.tokens);
        CHECK(same_bits(watched[static_cast<std::size_t>(i)].rows, alone));
      }
    }
  }
}

TEST_CASE("logits are the same bits for every chunk size, thread count and cache state") {
  for (const auto& [dtype, activations] : {std::pair{Dtype::bf16, Activations::bf16},
                                           {Dtype::bf16, Activations::bf16x3},
                                           {Dtype::f8_e4m3, Activations::bf16},
                                           {Dtype::f32, Activations::bf16}}) {
    const RandomModel random(small_v3(), dtype);
    EngineOptions options = options_for(kernels::best_unit(), 1, 256);
    options.activations = activations;
    Rows expected;
    {
      Engine engine(random.model(), options);
      answer(engine, ask(100, 3, 8), &expected);
    }
    for (const int threads : {1, 2}) {
      for (const int chunk : {1, 7, 32, 64}) {
        options.threads = threads;
        options.chunk_tokens = chunk;
        Engine engine(random.model(), options);
        Rows cold;
        Rows warm;
        const auto first = answer(engine, ask(100, 3, 8), &cold);
        const auto second = answer(engine, ask(100, 3, 8), &warm);
        INFO(kernels::name_of(dtype) << ", " << threads << " threads, chunks of " << chunk);
        CHECK(first.cost.cached_tokens == 0);
        CHECK(second.cost.cached_tokens == 96);
        CHECK(same_bits(cold, expected));
        CHECK(same_bits(warm, expected));
      }
    }
  }
}

TEST_CASE("logits far into a text are the same bits for every chunk size") {
  const RandomModel random(small_v3(), Dtype::bf16);
  const int length = kernels::LatentAttention::block_positions + 70;
  Rows expected;
  for (const int chunk : {512, 48, 1000}) {
    Engine engine(random.model(), options_for(kernels::best_unit(), 2, chunk));
    Rows rows;
    answer(engine, ask(length, 3, 4), &rows);
    if (expected.empty()) {
      expected = rows;
    }
    CHECK(same_bits(rows, expected));
  }
}

TEST_CASE("scores of given tokens do not depend on the cut between prompt and continuation") {
  const RandomModel random(small_v2(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 2, 16));
  TokenRequest whole;
  whole.tokens = prompt_of(90, 4);
  whole.score_from = 1;
  const auto all = answer(engine, whole);
  REQUIRE(all.scores.size() == 89);
  TokenRequest tail = whole;
  tail.score_from = 80;
  const auto last = answer(engine, tail);
  REQUIRE(last.scores.size() == 10);
  CHECK(last.cost.cached_tokens == 64);
  for (std::size_t i = 0; i < 10; ++i) {
    CHECK(last.scores[i].logprob == all.scores[79 + i].logprob);
    CHECK(last.scores[i].token == whole.tokens[80 + i]);
    CHECK(last.scores[i].best_logprob >= last.scores[i].logprob);
  }
}

TEST_CASE("an answer's log-probabilities are those of scoring it afterwards") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 2, 64));
  TokenRequest request = ask(20, 5, 10);
  request.top_logprobs = 3;
  const auto answered = answer(engine, request);
  TokenRequest again;
  again.tokens = request.tokens;
  again.tokens.insert(again.tokens.end(), answered.tokens.begin(), answered.tokens.end());
  again.score_from = 20;
  const auto scored = answer(engine, again);
  REQUIRE(scored.scores.size() == answered.scores.size());
  for (std::size_t i = 0; i < scored.scores.size(); ++i) {
    CHECK(scored.scores[i].logprob == answered.scores[i].logprob);
    CHECK(answered.scores[i].top.size() == 3);
    CHECK(answered.scores[i].top[0].first == answered.scores[i].best);
  }
}

TEST_CASE("a common beginning is computed once even when all ask at the same time") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 2, 64));
  std::vector<Watched> watched(8);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    TokenRequest request = ask(200, 9, 3);
    request.tokens.back() = static_cast<int>(i);
    submit(engine, request, watched[i]);
  }
  int computed = 0;
  for (Watched& each : watched) {
    computed += 200 - each.result.get_future().get().cost.cached_tokens;
  }
  CHECK(computed == 200 + 7 * (200 - 192));
}

TEST_CASE("more requests than the cache holds are answered one after the other") {
  const RandomModel random(small_v3(), Dtype::bf16);
  EngineOptions options = options_for(kernels::best_unit(), 1, 64);
  options.cache_bytes = 3 * 32 * 80 * 4 * 6;  // six pages
  Engine engine(random.model(), options);
  std::vector<Watched> watched(12);
  for (std::size_t i = 0; i < watched.size(); ++i) {
    submit(engine, ask(60, static_cast<int>(i), 20), watched[i]);
  }
  for (Watched& each : watched) {
    CHECK(each.result.get_future().get().tokens.size() == 20);
  }
}

TEST_CASE("what cannot be run is refused with its reason") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 1, 64));
  TokenRequest request;
  CHECK(answer(engine, request).failure == Failure::refused_input);
  request.tokens = {203};
  CHECK(answer(engine, request).error == "token 203 is outside the vocabulary of 203");
  request.tokens = prompt_of(5000, 1);
  CHECK(answer(engine, request).error == "the prompt has 5000 tokens, the context holds 4096");
  request.tokens = {1, 2};
  request.score_from = 0;
  CHECK(answer(engine, request).failure == Failure::refused_input);
}

TEST_CASE("the callback, the end token and the limit each end an answer") {
  RandomModel random(small_v3(), Dtype::bf16);
  Model model = random.model();
  TokenRequest request = ask(10, 1, 9);
  request.sampling = {};
  std::vector<int> tokens;
  {
    Engine engine(model, options_for(kernels::best_unit(), 1, 64));
    const auto whole = answer(engine, request);
    CHECK(whole.finish == Finish::length);
    tokens = whole.tokens;
    TokenRequest shorter = request;
    int seen = 0;
    shorter.keep_going = [&](int) { return ++seen < 4; };
    const auto cut = answer(engine, shorter);
    CHECK(cut.finish == Finish::stop);
    CHECK(cut.tokens == std::vector<int>(tokens.begin(), tokens.begin() + 4));
  }
  model.config.eos_token_ids = {tokens[2]};
  Engine engine(model, options_for(kernels::best_unit(), 1, 64));
  const auto ended = answer(engine, request);
  CHECK(ended.finish == Finish::stop);
  CHECK(ended.tokens.back() == tokens[2]);
  CHECK(ended.tokens.size() <= 3);
}

TEST_CASE("costs count tokens, experts and bytes") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 1, 64));
  const auto result = answer(engine, ask(10, 1, 5));
  std::uint64_t chosen = 0;
  for (const std::uint32_t count : result.cost.chosen) {
    chosen += count;
  }
  // Two layers with experts, three of them a token; the last token's successor is not computed.
  CHECK(chosen == 2 * 3 * (10 + 4));
  CHECK(result.cost.flop > 0);
  CHECK(result.cost.bytes > 0);
  CHECK(result.cost.prefill_s > 0);
}

TEST_CASE("memory that is missing in a step fails its requests and not the program") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Engine engine(random.model(), options_for(kernels::best_unit(), 2, 64));
  TokenRequest starved = ask(40, 1, 5);
  starved.observe = [](int, std::span<const float>) { throw std::bad_alloc(); };
  std::promise<TokenResult> failed;
  engine.submit(starved, [&](TokenResult result) { failed.set_value(std::move(result)); });
  const TokenResult result = failed.get_future().get();
  CHECK(result.finish == Finish::failed);
  CHECK(result.failure == Failure::failed);
  CHECK(result.error == "there is not enough memory for this request and those beside it");
  // The engine goes on, and nothing half computed was kept.
  CHECK(answer(engine, ask(40, 1, 5)).tokens == answer(engine, ask(40, 1, 5)).tokens);
  CHECK(answer(engine, ask(40, 1, 5)).finish == Finish::length);
}

TEST_CASE("a destroyed engine fails what was still running") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Watched watched;
  {
    Engine engine(random.model(), options_for(kernels::best_unit(), 1, 64));
    submit(engine, ask(10, 1, 4000), watched);
  }
  CHECK(watched.result.get_future().get().failure == Failure::failed);
}

TEST_CASE("a model that contradicts itself is a user's error that names the tensor") {
  const RandomModel random(small_v3(), Dtype::bf16);
  Model model = random.model();
  model.weights.layers[1].moe.experts[3].down.rows = 7;
  CHECK_THROWS_WITH(
      Engine(model, {}),
      "model random: model.layers.1.mlp.experts.3.down_proj is 7 x 40, expected 72 x 40");
}

}  // namespace assay::engine
