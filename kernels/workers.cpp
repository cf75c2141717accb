#include "kernels/workers.h"

#include <algorithm>
#include <utility>

#include <xmmintrin.h>

#include "kernels/ops.h"

namespace assay::kernels {

namespace {

constexpr int spins_before_sleep = 2000;  // some tens of microseconds

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
  others_.clear();  // joins them while everything they read is still there
}

void Workers::take_tasks() {
  constexpr std::uint64_t low = 0xffffffffU;
  while (true) {
    const std::uint64_t claim = claim_.fetch_add(1, std::memory_order_acq_rel);
    const std::uint64_t index = claim & low;
    if (index >= claim >> 32) {
      return;
    }
    do_task(*task_.load(std::memory_order_relaxed), static_cast<int>(index));
    finished_.fetch_add(1, std::memory_order_release);
  }
}

void Workers::do_task(const std::function<void(int)>& task, int index) {
  try {
    task(index);
  } catch (...) {
    if (!failed_.exchange(true)) {
      failure_ = std::current_exception();
    }
  }
}

void Workers::throw_failure() {
  if (failed_.exchange(false)) {
    std::rethrow_exception(std::exchange(failure_, nullptr));
  }
}

void Workers::run(int count, const std::function<void(int)>& task) {
  const FlushDenormals flush;
  if (others_.empty() || count <= 1) {
    for (int i = 0; i < count; ++i) {
      do_task(task, i);
    }
    throw_failure();
    return;
  }
  task_.store(&task, std::memory_order_relaxed);
  finished_.store(0, std::memory_order_relaxed);
  claim_.store(static_cast<std::uint64_t>(count) << 32, std::memory_order_release);
  round_.fetch_add(1, std::memory_order_release);
  round_.notify_all();
  take_tasks();
  for (int spins = 0; finished_.load(std::memory_order_acquire) != count; ++spins) {
    if (spins > spins_before_sleep) {
      std::this_thread::yield();
    } else {
      _mm_pause();
    }
  }
  throw_failure();
}

void Workers::serve(int spins_max) {
  const FlushDenormals flush;
  std::uint32_t seen = 0;
  while (!stopping_) {
    for (int spins = 0; spins < spins_max && round_.load(std::memory_order_acquire) == seen;
         ++spins) {
      _mm_pause();
    }
    round_.wait(seen, std::memory_order_acquire);
    seen = round_.load(std::memory_order_acquire);
    take_tasks();
  }
}

}  // namespace assay::kernels
