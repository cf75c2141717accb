// What a call may cost, for the fuzzers that watch it.
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <ctime>
#include <thread>

// A millisecond, times what the sanitizers and -O1 cost at most. The corpus that a fuzzer leaves is
// replayed without them by tests/bench/math_slowest.cpp, which prints the true times.
constexpr std::int64_t quick_ns = 60'000'000;

// Aborts where `work` is slow three times, seconds apart. Processor time of the thread: what else
// runs on the machine must not count. But a virtual machine that is held still takes that time for
// the thread's, and stays so for a while.
template <class Work>
void expect_quick(const Work& work) {
  const auto now_ns = [] {
    timespec now{};
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
    return now.tv_sec * 1'000'000'000LL + now.tv_nsec;
  };
  std::int64_t best_ns = quick_ns + 1;
  for (int i = 0; i < 3 && best_ns > quick_ns; ++i) {
    if (i > 0) std::this_thread::sleep_for(std::chrono::seconds(i));
    const std::int64_t start_ns = now_ns();
    work();
    best_ns = std::min<std::int64_t>(best_ns, now_ns() - start_ns);
  }
  if (best_ns > quick_ns) std::abort();
}
