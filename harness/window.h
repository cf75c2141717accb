// A bounded set of prompts in flight: submit what fits, else wait for one.
#pragma once

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "harness/backend.h"

namespace assay {

// Order of calls: (full | empty | submit | next)*, where submit needs !full() and next needs
// !empty(). Thread rule: one thread calls; the backend completes on any thread, also inside submit.
// A window may go while prompts are in flight: their answers are dropped.
template <class Ticket>
class Window {
 public:
  struct Answered {
    Ticket ticket;
    Response response;
  };

  Window(Backend& backend, std::size_t in_flight_max)
      : backend_(backend), in_flight_max_(in_flight_max) {}
  Window(const Window&) = delete;
  Window& operator=(const Window&) = delete;

  bool full() const { return in_window_ >= in_flight_max_; }
  bool empty() const { return in_window_ == 0; }

  void submit(Prompt prompt, Ticket ticket) {
    ++in_window_;
    backend_.submit(std::move(prompt),
                    [arrivals = arrivals_, ticket = std::move(ticket)](Response response) mutable {
                      bool first = false;
                      {
                        const std::lock_guard lock(arrivals->mutex);
                        first = arrivals->answered.empty();
                        arrivals->answered.push_back({std::move(ticket), std::move(response)});
                      }
                      if (first) {  // whoever takes them takes all
                        arrivals->arrived.notify_one();
                      }
                    });
  }

  // Waits for an answer, in order of arrival; for at most `wait_s`, then returns nothing.
  std::optional<Answered> next(double wait_s) {
    if (taken_.empty()) {
      std::unique_lock lock(arrivals_->mutex);
      arrivals_->arrived.wait_for(lock, std::chrono::duration<double>(wait_s),
                                  [&] { return !arrivals_->answered.empty(); });
      taken_.swap(
          arrivals_->answered);  // all at once, so that a busy backend is seldom made to wait
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
  struct Arrivals {
    std::mutex mutex;
    std::condition_variable arrived;
    std::deque<Answered> answered;
  };

  Backend& backend_;
  std::size_t in_flight_max_;
  std::size_t in_window_ = 0;  // submitted and not yet handed out
  std::deque<Answered> taken_;
  std::shared_ptr<Arrivals> arrivals_ = std::make_shared<Arrivals>();
};

}  // namespace assay
