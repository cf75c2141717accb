#include "backends/engine/sampler.h"

#include <cmath>
#include <limits>
#include <map>

#include "tests/catch.h"

namespace assay::engine {

namespace {

constexpr float nan = std::numeric_limits<float>::quiet_NaN();

std::map<int, double> shares(const std::vector<float>& logits, const SamplingRule& rule) {
  constexpr int draws = 20000;
  std::map<int, double> count;
  for (int i = 0; i < draws; ++i) {
    count[draw(logits, rule, uniform_at(5, static_cast<std::uint64_t>(i)))] += 1.0 / draws;
  }
  return count;
}

}  // namespace

TEST_CASE("greedy takes the largest, the first of equals, never NaN") {
  CHECK(greedy(std::vector<float>{1, 3, 3, 2}) == 1);
  CHECK(greedy(std::vector<float>{nan, -5, nan}) == 1);
  CHECK(greedy(std::vector<float>{nan, nan}) == 0);
  CHECK(draw(std::vector<float>{1, 3, 2}, {}, 0.99) == 1);
}

TEST_CASE("draws follow the distribution at a temperature") {
  const std::vector<float> logits = {0, 1, 2};
  const auto got = shares(logits, {.temperature = 2});
  const double total = 1 + std::exp(0.5) + std::exp(1.0);
  CHECK(got.at(0) == Approx(1 / total).margin(0.01));
  CHECK(got.at(1) == Approx(std::exp(0.5) / total).margin(0.01));
}

TEST_CASE("top_k and top_p leave out the tail") {
  const std::vector<float> logits = {2, 0, 1, -1};
  CHECK(shares(logits, {.temperature = 1, .top_k = 2}).size() == 2);
  CHECK(shares(logits, {.temperature = 1, .top_k = 1}).count(0) == 1);
  // The best has a share of 0.64, the best two of 0.88.
  CHECK(shares(logits, {.temperature = 1, .top_p = 0.6}).size() == 1);
  CHECK(shares(logits, {.temperature = 1, .top_p = 0.7}).size() == 2);
  CHECK(shares(logits, {.temperature = 1, .top_p = 0.999}).size() == 4);
}

TEST_CASE("impossible tokens are never drawn") {
  const float never = -std::numeric_limits<float>::infinity();
  const auto got = shares({never, 1, nan, 1}, {.temperature = 1});
  CHECK(got.size() == 2);
  CHECK(got.count(1) == 1);
  CHECK(got.count(3) == 1);
}

TEST_CASE("uniform numbers depend on seed and index alone") {
  CHECK(uniform_at(1, 2) == uniform_at(1, 2));
  CHECK(uniform_at(1, 2) != uniform_at(2, 2));
  CHECK(uniform_at(1, 2) != uniform_at(1, 3));
  double sum = 0;
  for (std::uint64_t i = 0; i < 10000; ++i) {
    const double u = uniform_at(9, i);
    REQUIRE(u >= 0);
    REQUIRE(u < 1);
    sum += u;
  }
  CHECK(sum / 10000 == Approx(0.5).margin(0.02));
}

TEST_CASE("log-probabilities are those of the softmax") {
  const std::vector<float> logits = {1, 2, 3};
  const double total = std::exp(1.0) + std::exp(2.0) + std::exp(3.0);
  CHECK(log_sum_exp(logits) == Approx(std::log(total)));
  const auto best = best_tokens(logits, 2);
  REQUIRE(best.size() == 2);
  CHECK(best[0].first == 2);
  CHECK(best[0].second == Approx(3 - std::log(total)));
  CHECK(best_tokens(logits, 9).size() == 3);
  CHECK(best_tokens(logits, 0).empty());
}

}  // namespace assay::engine
