// The engine: a thread that batches requests, and what a request and its result are, in tokens.
// Text, templates and stop strings are engine_backend.h's.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backends/engine/model.h"
#include "backends/engine/sampler.h"
#include "harness/response.h"
#include "kernels/ops.h"

namespace assay::engine {

struct EngineOptions {
  kernels::Unit unit = kernels::best_unit();
  kernels::Activations activations = kernels::Activations::bf16;
  int threads = 0;              // 0: as many as processors
  int chunk_tokens = 512;       // of prompts, in one step
  int batch_max = 64;           // sequences in one step
  std::size_t cache_bytes = 0;  // 0: an eighth of the machine's memory, at most 4 GiB
  bool share_prefixes = true;
};

// What is asked of the engine: to continue `tokens`, or to score them.
struct TokenRequest {
  std::vector<int> tokens;
  SamplingRule sampling;
  std::uint64_t seed = 0;
  int max_tokens = 0;       // of the answer
  bool stop_at_eos = true;  // the end token is part of the answer
  int top_logprobs = -1;    // as in Sampling
  // Scoring, where set: the log-probabilities of tokens[score_from] and later ones, >= 1. Nothing
  // is generated, `max_tokens` and `sampling` are not used.
  std::optional<int> score_from;
  // Called after each token of the answer, on the engine's thread; false ends the answer.
  std::function<bool(int token)> keep_going;
  // Called with every row of logits that is computed: the position whose next token it predicts.
  // On any thread, and for different positions at the same time.
  std::function<void(int position, std::span<const float> logits)> observe;
};

struct ScoredToken {
  int token = 0;
  double logprob = 0;  // natural logarithm
  int best = 0;        // the most likely token there
  double best_logprob = 0;
  std::vector<std::pair<int, double>> top;  // top_logprobs of them, best first
};

// Each step's weights are shared out evenly over the tokens in it; the rest is the request's own.
struct TokenCost {
  double waited_s = 0;   // before the first step
  double prefill_s = 0;  // to the first token of the answer, or to the last score
  double decode_s = 0;   // from then to the end
  int cached_tokens = 0;
  double bytes = 0;
  double flop = 0;
  std::vector<std::uint32_t> chosen;  // (layers, E): how often each expert was chosen
};

struct TokenResult {
  Finish finish = Finish::failed;
  Failure failure = Failure::none;
  std::string error;
  std::vector<int> tokens;          // of the answer
  std::vector<ScoredToken> scores;  // of the scored tokens, or of the answer if asked for
  TokenCost cost;
};

// Answers are functions of the request and the weights: bit for bit the same whatever else is in
// the batch, however the prompt is cut, whether its start was cached, and on how many threads.
//
// Thread rule: submit may be called from any thread. `done` runs on the engine's thread, or inside
// submit where the request cannot be run; it must not block. The destructor ends what is still
// running as failed, and returns after every `done` has run.
class Engine {
 public:
  // Throws UserError where the model contradicts itself (model.h) or the memory does not suffice.
  Engine(const Model& model, const EngineOptions& options);
  ~Engine();
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;

  void submit(TokenRequest request, std::function<void(TokenResult)> done);

  const Config& config() const;
  const EngineOptions& options() const;  // with the defaults filled in
  std::size_t weight_bytes() const;
  // How the cache holds positions, which decides how exact attention is (latent_page.h): the same
  // checkpoint and activations can answer otherwise on a machine with other units.
  kernels::LatentPage::Form pages() const;

 private:
  class Loop;
  std::unique_ptr<Loop> loop_;
};

}  // namespace assay::engine
