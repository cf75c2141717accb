// A few threads that run the stages of a forward pass together.
#pragma once

#include <atomic>
#include <cstdint>
#include <exception>
#include <functional>
#include <thread>
#include <vector>

namespace assay::kernels {

// Thread rule: run is called from one thread at a time, and not from inside a task. Waiting threads
// spin for some microseconds, because the next stage usually follows at once, and then sleep.
// Denormals are zero inside tasks.
class Workers {
 public:
  // `threads` in all, the caller included; at least 1.
  explicit Workers(int threads);
  ~Workers();
  Workers(const Workers&) = delete;
  Workers& operator=(const Workers&) = delete;

  int threads() const { return static_cast<int>(others_.size()) + 1; }

  // Calls task(i) once for each i in [0, count), in any order and on any thread, and returns when
  // all have returned. Where tasks throw, the others still run, and then the first exception is
  // thrown here.
  void run(int count, const std::function<void(int)>& task);

 private:
  void serve(int spins_max);
  void take_tasks();
  void do_task(const std::function<void(int)>& task, int index);
  void throw_failure();

  std::vector<std::jthread> others_;
  std::atomic<const std::function<void(int)>*> task_{nullptr};
  // The round's count above the next index, in one word: a thread that comes late and finds no
  // index left never looks at anything else of the round, so that nobody waits for it.
  std::atomic<std::uint64_t> claim_{0};
  std::atomic<int> finished_{0};         // tasks of the round
  std::atomic<std::uint32_t> round_{0};  // raised to wake the others, and to stop them
  std::atomic<bool> stopping_{false};
  std::atomic<bool> failed_{false};  // a task of the round threw; whoever set it writes failure_
  std::exception_ptr failure_;
};

}  // namespace assay::kernels
