// How the next token is drawn from a row of logits.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace assay::engine {

struct SamplingRule {
  double temperature = 0;  // 0: greedy
  double top_p = 1;        // 1: off
  int top_k = 0;           // 0: off
};

// The index of the largest logit, the lowest index among equals; NaN never wins. 0 when all are
// NaN.
int greedy(std::span<const float> logits);

// The token at `uniform` (in [0, 1)) of the distribution: logits / temperature, then the top_k
// largest, then the smallest set of most likely tokens whose probability reaches top_p, in
// descending order, ties to the lowest index. A NaN counts as impossible.
int draw(std::span<const float> logits, const SamplingRule& rule, double uniform);

// Number `index` of the stream of `seed`, in [0, 1): a function of the two alone, so that a sample
// does not depend on what else is drawn (splitmix64, 53 bits).
double uniform_at(std::uint64_t seed, std::uint64_t index);

// log( sum exp(logit) ), summed in double in the order of the indices.
double log_sum_exp(std::span<const float> logits);

// The `count` best tokens with their natural log-probabilities, best first, ties to the lowest
// index.
std::vector<std::pair<int, double>> best_tokens(std::span<const float> logits, int count);

}  // namespace assay::engine
