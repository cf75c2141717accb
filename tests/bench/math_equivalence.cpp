// Times the equivalence engine on pairs from standard input, one "kind<TAB>gold<TAB>answer" a line,
// and prints "decision<TAB>nanoseconds" for each: the best of five, since a shared machine only
// ever adds. Driven by math_equivalence.py, which times a peer on the same pairs.
#include <algorithm>
#include <chrono>
#include <iostream>
#include <string>

#include "suites/math/equivalence.h"

int main() {
  const auto& policy = assay::math::policy("math-verify");
  for (std::string line; std::getline(std::cin, line);) {
    const auto first = line.find('\t');
    const auto second = line.find('\t', first + 1);
    if (second == std::string::npos) continue;
    const std::string gold = line.substr(first + 1, second - first - 1);
    const std::string answer = line.substr(second + 1);
    auto best = std::chrono::steady_clock::duration::max();
    assay::math::Judgement judgement;
    for (int i = 0; i < 5; ++i) {
      const auto start = std::chrono::steady_clock::now();
      judgement = assay::math::equivalent(gold, answer, policy);
      best = std::min(best, std::chrono::steady_clock::now() - start);
    }
    std::cout << name_of(judgement.decision) << '\t'
              << std::chrono::duration_cast<std::chrono::nanoseconds>(best).count() << '\n';
  }
}
