// One thread's share of the requests: starts them, puts answers together, and tries again.
#pragma once

#include <atomic>
#include <functional>
#include <memory>

#include "backends/openai/options.h"
#include "backends/openai/retry.h"
#include "harness/prompt.h"
#include "harness/response.h"

namespace assay {

// Thread rule: submit and pending from any thread; `done` runs on the shard's thread. The
// destructor ends what is under way: a `done` that has not run by then never will.
class Shard {
 public:
  // REQUIRES: `options` and `budget` outlive it.
  Shard(const OpenAiOptions& options, int in_flight_max, RetryBudget& budget);
  ~Shard();
  Shard(const Shard&) = delete;
  Shard& operator=(const Shard&) = delete;

  void submit(Prompt prompt, std::function<void(Response)> done);

  // Submitted and not yet answered.
  int pending() const { return pending_.load(std::memory_order_relaxed); }

 private:
  struct State;
  std::atomic<int> pending_{0};
  std::unique_ptr<State> state_;
};

}  // namespace assay
