#include "backends/engine/sampler.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

namespace assay::engine {

namespace {

double usable(float logit) {
  return std::isnan(logit) ? -std::numeric_limits<double>::infinity() : static_cast<double>(logit);
}

// Better first; the lowest index among equals.
auto better_in(std::span<const float> logits) {
  return [logits](int a, int b) {
    const double left = usable(logits[static_cast<std::size_t>(a)]);
    const double right = usable(logits[static_cast<std::size_t>(b)]);
    return left != right ? left > right : a < b;
  };
}

std::vector<int> all_indices(std::size_t count) {
  std::vector<int> indices(count);
  std::iota(indices.begin(), indices.end(), 0);
  return indices;
}

// Candidates with their weights, relative to the best token's.
struct Candidates {
  std::vector<int> ids;
  std::vector<double> weights;
  double total = 0;
};

// The most likely candidates until their share reaches top_p, taken from a heap: a nucleus is
// usually a handful of tokens, and sorting a whole vocabulary would cost more than the layer
// before.
Candidates nucleus(const Candidates& all, double top_p) {
  std::vector<std::size_t> heap(all.ids.size());
  std::iota(heap.begin(), heap.end(), std::size_t{0});
  const auto worse = [&](std::size_t a, std::size_t b) {
    return all.weights[a] != all.weights[b] ? all.weights[a] < all.weights[b]
                                            : all.ids[a] > all.ids[b];
  };
  std::make_heap(heap.begin(), heap.end(), worse);
  Candidates kept;
  while (!heap.empty() && (kept.ids.empty() || kept.total < top_p * all.total)) {
    std::pop_heap(heap.begin(), heap.end(), worse);
    const std::size_t best = heap.back();
    heap.pop_back();
    kept.ids.push_back(all.ids[best]);
    kept.weights.push_back(all.weights[best]);
    kept.total += all.weights[best];
  }
  return kept;
}

}  // namespace

int greedy(std::span<const float> logits) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < logits.size(); ++i) {
    if (logits[i] > logits[best] || (std::isnan(logits[best]) && !std::isnan(logits[i]))) {
      best = i;
    }
  }
  return static_cast<int>(best);
}

int draw(std::span<const float> logits, const SamplingRule& rule, double uniform) {
  const int best = greedy(logits);
  if (rule.temperature <= 0 || !std::isfinite(logits[static_cast<std::size_t>(best)])) {
    return best;
  }
  Candidates candidates;
  candidates.ids = all_indices(logits.size());
  if (rule.top_k > 0 && static_cast<std::size_t>(rule.top_k) < logits.size()) {
    std::nth_element(candidates.ids.begin(), candidates.ids.begin() + (rule.top_k - 1),
                     candidates.ids.end(), better_in(logits));
    candidates.ids.resize(static_cast<std::size_t>(rule.top_k));
    std::sort(candidates.ids.begin(), candidates.ids.end());
  }
  const double top = usable(logits[static_cast<std::size_t>(best)]);
  for (const int id : candidates.ids) {
    const double logit = usable(logits[static_cast<std::size_t>(id)]);
    candidates.weights.push_back(std::exp((logit - top) / rule.temperature));
    candidates.total += candidates.weights.back();
  }
  if (rule.top_p < 1) {
    candidates = nucleus(candidates, rule.top_p);
  }
  double left = uniform * candidates.total;
  int drawn = best;
  for (std::size_t i = 0; i < candidates.ids.size(); ++i) {
    if (candidates.weights[i] <= 0) {
      continue;
    }
    drawn = candidates.ids[i];
    left -= candidates.weights[i];
    if (left < 0) {
      break;
    }
  }
  return drawn;
}

double uniform_at(std::uint64_t seed, std::uint64_t index) {
  std::uint64_t z = seed * 0xd1342543de82ef95U + (index + 1) * 0x9e3779b97f4a7c15U;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
  return static_cast<double>((z ^ (z >> 31)) >> 11) * 0x1p-53;
}

double log_sum_exp(std::span<const float> logits) {
  const double top = usable(logits[static_cast<std::size_t>(greedy(logits))]);
  double sum = 0;
  for (const float logit : logits) {
    sum += std::exp(usable(logit) - top);
  }
  return top + std::log(sum);
}

std::vector<std::pair<int, double>> best_tokens(std::span<const float> logits, int count) {
  const auto kept = std::min(static_cast<std::size_t>(std::max(count, 0)), logits.size());
  std::vector<int> indices = all_indices(logits.size());
  std::partial_sort(indices.begin(), indices.begin() + static_cast<std::ptrdiff_t>(kept),
                    indices.end(), better_in(logits));
  const double total = kept > 0 ? log_sum_exp(logits) : 0;
  std::vector<std::pair<int, double>> best;
  for (std::size_t i = 0; i < kept; ++i) {
    best.emplace_back(indices[i], usable(logits[static_cast<std::size_t>(indices[i])]) - total);
  }
  return best;
}

}  // namespace assay::engine
