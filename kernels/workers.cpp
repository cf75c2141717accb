#include "kernels/workers.h"

#include <xmmintrin.h>

#include <algorithm>

#include "kernels/ops.h"

namespace assay::kernels {

namespace {

constexpr int spins_before_sleep = 20000;  // about 50 to 300 microseconds

}  // namespace

Workers::Workers(int threads) {
  // Spinning only helps where every thread has a processor of its own.
  const auto processors = static_cast<int>(std::thread::hardware_concurrency());
  const int spins = threads <= processors ? spins_before_sleep : 0;
  for (int i = 1; i < threads; ++i) {
    others_.emplace_back([this, spins] { serve(spins); });
  }
}

Workers::~Workers() {
  stopping_ = true;
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
}

void Workers::take_tasks() {
  for (int i = next_.fetch_add(1, std::memory_order_relaxed); i < count_;
       i = next_.fetch_add(1, std::memory_order_relaxed)) {
    (*task_)(i);
  }
}

void Workers::run(int count, const std::function<void(int)>& task) {
  const FlushDenormals flush;
  if (others_.empty() || count <= 1) {
    for (int i = 0; i < count; ++i) {
      task(i);
    }
    return;
  }
  task_ = &task;
  count_ = count;
  next_.store(0, std::memory_order_relaxed);
  busy_.store(static_cast<int>(others_.size()), std::memory_order_relaxed);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  take_tasks();
  for (int spins = 0; busy_.load(std::memory_order_acquire) != 0; ++spins) {
    if (spins > spins_before_sleep) {
      std::this_thread::yield();
    } else {
      _mm_pause();
    }
  }
}

void Workers::serve(int spins_max) {
  const FlushDenormals flush;
  std::uint32_t seen = 0;
  while (true) {
    for (int spins = 0; spins < spins_max && round_.load(std::memory_order_acquire) == seen;
         ++spins) {
      _mm_pause();
    }
    round_.wait(seen, std::memory_order_acquire);
    ++seen;  // every round ends before the next begins, so none is missed
    if (stopping_) {
      return;
    }
    take_tasks();
    busy_.fetch_sub(1, std::memory_order_release);
  }
}

}  // namespace assay::kernels
