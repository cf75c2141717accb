// When a request is tried again, and how often all of them together may be.
#pragma once

#include <atomic>
#include <cstdint>

namespace assay {

// Exponential back-off with full jitter: uniform over 0 .. min(cap, base * 2^attempt)
// (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). `attempt` counts
// from 0; `uniform` is drawn from [0, 1).
double back_off_s(double base_s, double cap_s, int attempt, double uniform);

// What the host asked for, and up to a tenth (at most a second) more, so that those who were turned
// away together do not come back together.
double asked_wait_s(double wait_s, double uniform);

// Bounds what a dead host can cost: every request pays one retry in, and a reserve lets a short run
// have its full number. Any thread.
class RetryBudget {
 public:
  explicit RetryBudget(std::int64_t reserve) : left_(reserve) {}
  void deposit() { left_.fetch_add(1, std::memory_order_relaxed); }
  // False: there is none left.
  bool withdraw();

 private:
  std::atomic<std::int64_t> left_;
};

}  // namespace assay
