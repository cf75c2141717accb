// Threads that judge answers: a bounded queue between the run loop, which must not wait for a
// grader, and the store.
#pragma once

#include <condition_variable>
#include <cstddef>
#include <deque>
#include <exception>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

namespace assay {

// Thread rule: push and finish from one thread; `judge` runs on all of the threads at once.
// Order of calls: push* finish. The first exception that `judge` throws ends the work: it is thrown
// again by the next push or by finish.
template <class Item>
class Graders {
 public:
  Graders(std::size_t thread_count, std::size_t waiting_max, std::function<void(Item)> judge)
      : waiting_max_(waiting_max), judge_(std::move(judge)) {
    for (std::size_t i = 0; i < thread_count; ++i) {
      threads_.emplace_back([this] { work(); });
    }
  }

  ~Graders() { stop(); }
  Graders(const Graders&) = delete;
  Graders& operator=(const Graders&) = delete;

  // Blocks while the queue is full.
  void push(Item item) {
    std::unique_lock lock(mutex_);
    room_.wait(lock, [&] { return waiting_.size() < waiting_max_ || failure_; });
    if (failure_) {
      std::rethrow_exception(failure_);
    }
    waiting_.push_back(std::move(item));
    if (idle_ > 0) {
      wake_.notify_one();
    }
  }

  // Returns when all that was pushed has been judged.
  void finish() {
    stop();
    if (failure_) {
      std::rethrow_exception(failure_);
    }
  }

 private:
  void stop() {
    {
      const std::lock_guard lock(mutex_);
      stopping_ = true;
    }
    wake_.notify_all();
    for (std::thread& thread : threads_) {
      thread.join();
    }
    threads_.clear();
  }

  void work() {
    std::unique_lock lock(mutex_);
    while (true) {
      ++idle_;
      wake_.wait(lock, [&] { return stopping_ || !waiting_.empty(); });
      --idle_;
      if (waiting_.empty()) {
        return;
      }
      Item item = std::move(waiting_.front());
      waiting_.pop_front();
      const bool failed = static_cast<bool>(failure_);
      lock.unlock();
      room_.notify_one();
      std::exception_ptr failure;
      try {
        if (!failed) {
          judge_(std::move(item));
        }
      } catch (...) {
        failure = std::current_exception();
      }
      lock.lock();
      if (failure && !failure_) {
        failure_ = failure;
        room_.notify_all();
      }
    }
  }

  std::size_t waiting_max_;
  std::function<void(Item)> judge_;
  std::vector<std::thread> threads_;

  std::mutex mutex_;  // guards all below
  std::condition_variable wake_;
  std::condition_variable room_;
  std::deque<Item> waiting_;
  std::size_t idle_ = 0;
  bool stopping_ = false;
  std::exception_ptr failure_;
};

}  // namespace assay
