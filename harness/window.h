// A bounded set of prompts in flight: submit what fits, else wait for one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <utility>

#include "harness/backend.h"

namespace assay {

// Order of calls: (full | empty | submit | next)*, where submit needs !full() and next needs
// !empty(). Thread rule: one thread calls; the backend completes on any thread, also inside submit.
// The backend must outlive the window; the window's destructor waits for what is in flight.
template <class Ticket>
class Window {
 public:
  struct Answered {
    Ticket ticket;
    Response response;
  };

  Window(Backend& backend, std::size_t in_flight_max)
      : backend_(backend), in_flight_max_(in_flight_max) {}

  ~Window() {
    std::unique_lock lock(mutex_);
    arrived_.wait(lock, [&] { return arrived_count_ == submitted_count_; });
  }

  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  bool full() const { return in_window_ >= in_flight_max_; }
  bool empty() const { return in_window_ == 0; }
  std::size_t size() const { return in_window_; }

  void submit(Prompt prompt, Ticket ticket) {
    ++in_window_;
    ++submitted_count_;
    backend_.submit(std::move(prompt), [this,
                                        ticket = std::move(ticket)](Response response) mutable {
      const std::lock_guard lock(mutex_);
      answered_.push_back({std::move(ticket), std::move(response)});
      ++arrived_count_;
      arrived_.notify_one();  // under the lock: the window may be gone right after it is released
    });
  }

  // Waits for an answer, in order of arrival; for at most `wait_s`, then returns nothing.
  std::optional<Answered> next(double wait_s) {
    if (taken_.empty()) {
      std::unique_lock lock(mutex_);
      arrived_.wait_for(lock, std::chrono::duration<double>(wait_s),
                        [&] { return !answered_.empty(); });
      taken_.swap(answered_);  // all at once, so that a busy backend is seldom made to wait
    }
    if (taken_.empty()) {
      return std::nullopt;
    }
    Answered answered = std::move(taken_.front());
    taken_.pop_front();
    --in_window_;
    return answered;
  }

 private:
  Backend& backend_;
  std::size_t in_flight_max_;
  std::size_t in_window_ = 0;  // submitted and not yet handed out
  std::size_t submitted_count_ =
      0;                        // written by the caller only, and read under the mutex at the end
  std::deque<Answered> taken_;  // the caller's

  std::mutex mutex_;  // guards all below
  std::condition_variable arrived_;
  std::deque<Answered> answered_;
  std::size_t arrived_count_ = 0;
};

}  // namespace assay
