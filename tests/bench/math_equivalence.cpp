// Times the mathematics grader on pairs from standard input, one JSON object a line (`gold`,
// `answer`; `whole` where the answer is a response that the grader has to search), and prints
// "decision<TAB>nanoseconds" for each: the best of five, since a shared machine only ever adds.
// Driven by math_equivalence.py and math_verify_differences.py, which time a peer on the same
// pairs.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include <nlohmann/json.hpp>

#include "suites/math/conventions.h"

int main() {
  using namespace assay;
  const math::Convention& convention = math::convention("math-verify");
  const math::Policy& policy = math::policy("math-verify");
  for (std::string line; std::getline(std::cin, line);) {
    const auto pair = nlohmann::json::parse(line);
    const std::string gold = pair.at("gold");
    const std::string answer = pair.at("answer");
    const bool whole = pair.value("whole", false);
    auto best = std::chrono::steady_clock::duration::max();
    math::Decision decision = math::Decision::undecided;
    for (int i = 0; i < 5; ++i) {
      const auto start = std::chrono::steady_clock::now();
      decision = whole ? math::judge(convention, answer, gold).decision
                       : math::equivalent(gold, answer, policy).decision;
      best = std::min(best, std::chrono::steady_clock::now() - start);
    }
    std::cout << name_of(decision) << '\t'
              << std::chrono::duration_cast<std::chrono::nanoseconds>(best).count() << '\n';
  }
}
