#include <cmath>
#include <limits>
#include <vector>

#include "kernels/ops.h"
#include "tests/catch.h"

namespace assay::kernels {

namespace {

struct Routed {
  std::vector<int> experts;
  std::vector<float> weights;
};

Routed routed(const Gate& gate, const std::vector<float>& logits) {
  Routed result{std::vector<int>(static_cast<std::size_t>(gate.chosen)),
                std::vector<float>(static_cast<std::size_t>(gate.chosen))};
  route(gate, logits, result.experts, result.weights);
  return result;
}

double sigmoid(double x) {
  return 1 / (1 + std::exp(-x));
}

}  // namespace

TEST_CASE("greedy takes the likeliest experts and scales their probabilities") {
  const auto result = routed({.experts = 4, .chosen = 2, .scaling = 3}, {0, 2, 1, 2});
  CHECK(result.experts == std::vector<int>{1, 3});
  const double total = 1 + 2 * std::exp(2.0) + std::exp(1.0);
  CHECK(result.weights[0] == Approx(3 * std::exp(2.0) / total));
}

TEST_CASE("group-limited greedy leaves out experts of groups whose best is low") {
  const Gate gate{.experts = 6, .groups = 3, .groups_kept = 1, .chosen = 2, .group_limited = true};
  CHECK(routed(gate, {5, 0, 4.9F, 4.8F, 1, 1}).experts == std::vector<int>{0, 1});
}

TEST_CASE("the bias chooses and the score weighs") {
  const std::vector<float> bias = {0, 0, 0, 2};
  const Gate gate{.experts = 4,
                  .chosen = 2,
                  .sigmoid = true,
                  .normalise = true,
                  .scaling = 2.5F,
                  .bias = bias.data()};
  const auto result = routed(gate, {3, 1, 0, -1});
  CHECK(result.experts == std::vector<int>{3, 0});
  const double sum = sigmoid(-1) + sigmoid(3);
  CHECK(result.weights[0] == Approx(2.5 * sigmoid(-1) / sum));
  CHECK(result.weights[1] == Approx(2.5 * sigmoid(3) / sum));
}

TEST_CASE("groups are ranked by the sum of their two best, and those left out never win") {
  const std::vector<float> bias(6, -3.0F);  // all biased scores are negative
  const Gate gate{.experts = 6,
                  .groups = 2,
                  .groups_kept = 1,
                  .chosen = 3,
                  .sigmoid = true,
                  .group_limited = true,
                  .bias = bias.data()};
  // The first group has the best expert, the second the better pair.
  CHECK(routed(gate, {4, -4, -4, 2, 2, -5}).experts == std::vector<int>{3, 4, 5});
}

TEST_CASE("a gate full of NaN still chooses different experts") {
  const std::vector<float> logits(4, std::numeric_limits<float>::quiet_NaN());
  CHECK(routed({.experts = 4, .chosen = 3, .sigmoid = true}, logits).experts ==
        std::vector<int>{0, 1, 2});
}

}  // namespace assay::kernels
