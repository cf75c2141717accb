// The engine against transformers: tests/goldens says how the vectors were made.
#include "backends/engine/forward.h"

#include <cmath>
#include <future>
#include <mutex>

#include "backends/engine/engine.h"
#include "backends/engine/load.h"
#include "tests/catch.h"
#include "tests/goldens/checkpoint.h"
#include "tests/kernels/op_cases.h"
#include "tests/scratch.h"

namespace assay::engine {

namespace {

using kernels::Activations;
using kernels::Unit;

TokenResult answer(Engine& engine, const TokenRequest& request) {
  std::promise<TokenResult> result;
  engine.submit(request, [&](TokenResult r) { result.set_value(std::move(r)); });
  return result.get_future().get();
}

EngineOptions options_for(Unit unit, Activations activations) {
  EngineOptions options;
  options.unit = unit;
  options.activations = activations;
  options.threads = 2;
  options.cache_bytes = 64U << 20;
  return options;
}

// The largest difference between the prompt's logits and the golden ones, relative to the largest
// logit.
double logits_error(Engine& engine, const std::string& name) {
  const auto expected = golden::logits(name);
  const auto vocabulary = static_cast<std::size_t>(engine.config().vocab_size);
  TokenRequest request;
  request.tokens = golden::vectors(name)["prompt"].get<std::vector<int>>();
  request.tokens.push_back(0);  // so that the last row of the prompt is computed too
  request.score_from = 1;
  std::mutex mutex;
  double worst = 0;
  double largest = 0;
  std::size_t rows = 0;
  request.observe = [&](int position, std::span<const float> logits) {
    const std::lock_guard lock(mutex);
    ++rows;
    for (std::size_t i = 0; i < vocabulary; ++i) {
      const double want =
          static_cast<double>(expected[static_cast<std::size_t>(position) * vocabulary + i]);
      worst = std::max(worst, std::abs(static_cast<double>(logits[i]) - want));
      largest = std::max(largest, std::abs(want));
    }
  };
  answer(engine, request);
  REQUIRE(rows == request.tokens.size() - 1);
  return worst / largest;
}

}  // namespace

TEST_CASE("logits, greedy answers and log-likelihoods are transformers'") {
  for (const std::string& name : golden::names()) {
    const ScratchFolder folder;
    golden::write_checkpoint(name, folder.path());
    const auto vectors = golden::vectors(name);
    Engine engine(load_model(folder.path()),
                  options_for(kernels::best_unit(), Activations::bf16x3));
    INFO(name);
    CHECK(logits_error(engine, name) < 1e-4);

    TokenRequest request;
    request.tokens = vectors["prompt"].get<std::vector<int>>();
    request.max_tokens = 256;
    request.stop_at_eos = false;
    CHECK(answer(engine, request).tokens == vectors["greedy"].get<std::vector<int>>());

    for (const auto& text : vectors["continuations"]) {
      TokenRequest scored;
      scored.tokens = text["tokens"].get<std::vector<int>>();
      scored.score_from = 1;
      const auto result = answer(engine, scored);
      const auto expected = text["logprobs"].get<std::vector<double>>();
      REQUIRE(result.scores.size() == expected.size());
      for (std::size_t i = 0; i < expected.size(); ++i) {
        CHECK(result.scores[i].logprob == Approx(expected[i]).margin(1e-4));
      }
    }
  }
}

// A random model is unstable: what bf16 rounds away can change which experts are chosen, hence the
// wide bound for one plane.
TEST_CASE("every unit and every form of activations is as near to transformers as it claims") {
  for (const std::string name : {"tiny_v3", "tiny_fp8"}) {
    const ScratchFolder folder;
    golden::write_checkpoint(name, folder.path());
    for (const Unit unit : kernels::all_units) {
      for (const Activations activations : kernels::all_activations) {
        if (!kernels::supported(unit) || (unit == Unit::plain && activations != Activations::f32)) {
          continue;
        }
        Engine engine(load_model(folder.path()), options_for(unit, activations));
        INFO(name << " on " << kernels::name_of(unit) << ", activations "
                  << static_cast<int>(activations));
        const double error = logits_error(engine, name);
        CHECK(error < (activations == Activations::f32    ? 2e-5
                       : activations == Activations::bf16 ? 0.2
                                                          : 1e-4));
      }
    }
  }
}

}  // namespace assay::engine
