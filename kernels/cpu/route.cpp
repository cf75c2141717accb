#include <algorithm>
#include <cassert>
#include <cmath>
#include <limits>
#include <vector>

#include "kernels/ops.h"

namespace assay::kernels {

namespace {

constexpr float lowest = -std::numeric_limits<float>::infinity();

std::vector<float> scores_of(const Gate& gate, std::span<const float> logits) {
  std::vector<float> scores(logits.begin(), logits.end());
  if (gate.sigmoid) {
    for (float& score : scores) {
      score = 1.0F / (1.0F + std::exp(-score));
    }
    return scores;
  }
  const float top = *std::max_element(scores.begin(), scores.end());
  float total = 0;
  for (float& score : scores) {
    score = std::exp(score - top);
    total += score;
  }
  for (float& score : scores) {
    score /= total;
  }
  return scores;
}

// Index of the largest value, the lowest index among equals. NaN never wins over a number.
std::size_t best_of(std::span<const float> values) {
  std::size_t best = 0;
  for (std::size_t i = 1; i < values.size(); ++i) {
    if (values[i] > values[best] || (std::isnan(values[best]) && !std::isnan(values[i]))) {
      best = i;
    }
  }
  return best;
}

float group_score(std::span<const float> group, bool two_best) {
  const std::size_t best = best_of(group);
  if (!two_best || group.size() == 1) {
    return group[best];
  }
  float second = lowest;
  for (std::size_t i = 0; i < group.size(); ++i) {
    second = i != best ? std::max(second, group[i]) : second;
  }
  return group[best] + second;
}

void keep_best_groups(const Gate& gate, std::span<float> choice) {
  const auto groups = static_cast<std::size_t>(gate.groups);
  const std::size_t size = choice.size() / groups;
  std::vector<float> of_group(groups);
  for (std::size_t g = 0; g < groups; ++g) {
    of_group[g] = group_score(choice.subspan(g * size, size), gate.bias != nullptr);
  }
  std::vector<bool> kept(groups);
  for (int i = 0; i < gate.groups_kept; ++i) {
    // Taken groups become NaN, which loses even against groups that are all -inf.
    const std::size_t best = best_of(of_group);
    kept[best] = true;
    of_group[best] = std::numeric_limits<float>::quiet_NaN();
  }
  for (std::size_t i = 0; i < choice.size(); ++i) {
    choice[i] = kept[i / size] ? choice[i] : lowest;
  }
}

}  // namespace

void route(const Gate& gate, std::span<const float> logits, std::span<int> experts,
           std::span<float> weights) {
  assert(logits.size() == static_cast<std::size_t>(gate.experts));
  assert(experts.size() == static_cast<std::size_t>(gate.chosen));
  assert(weights.size() == experts.size());
  std::vector<float> scores = scores_of(gate, logits);
  std::vector<float> choice(scores);
  for (std::size_t i = 0; i < choice.size(); ++i) {
    choice[i] += gate.bias != nullptr ? gate.bias[i] : 0.0F;
    choice[i] = std::isnan(choice[i]) ? lowest : choice[i];
  }
  if (gate.group_limited) {
    keep_best_groups(gate, choice);
  }
  float total = 0;
  for (std::size_t i = 0; i < experts.size(); ++i) {
    const std::size_t best = best_of(choice);
    experts[i] = static_cast<int>(best);
    weights[i] = scores[best];
    total += weights[i];
    choice[best] = std::numeric_limits<float>::quiet_NaN();
  }
  const float divisor = gate.normalise ? total + 1e-20F : 1.0F;
  for (float& weight : weights) {
    weight = weight / divisor * gate.scaling;
  }
}

}  // namespace assay::kernels
