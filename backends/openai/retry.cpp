#include "backends/openai/retry.h"

#include <algorithm>
#include <cmath>

namespace assay {

double back_off_s(double base_s, double cap_s, int attempt, double uniform) {
  return uniform * std::min(cap_s, std::ldexp(base_s, std::min(attempt, 60)));
}

double asked_wait_s(double wait_s, double uniform) {
  return wait_s + uniform * std::min(1.0, wait_s / 10);
}

bool RetryBudget::withdraw() {
  std::int64_t left = left_.load(std::memory_order_relaxed);
  while (left > 0) {
    if (left_.compare_exchange_weak(left, left - 1, std::memory_order_relaxed)) {
      return true;
    }
  }
  return false;
}

}  // namespace assay
