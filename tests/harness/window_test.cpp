#include "harness/window.h"

#include <chrono>
#include <thread>
#include <vector>

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

constexpr double wait_s = 10;

// Answers inside submit.
class Immediate : public Backend {
 public:
  std::string identity() const override { return "{}"; }
  void submit(Prompt prompt, std::function<void(Response)> done) override {
    done({.text = prompt.text, .finish = Finish::stop});
  }
};

// Answers from a thread of its own per prompt, after a little while.
class Slow : public Backend {
 public:
  explicit Slow(std::chrono::milliseconds delay = std::chrono::milliseconds(2)) : delay_(delay) {}
  ~Slow() override {
    for (std::thread& thread : threads_) {
      thread.join();
    }
  }
  std::string identity() const override { return "{}"; }
  void submit(Prompt prompt, std::function<void(Response)> done) override {
    threads_.emplace_back([delay = delay_, text = prompt.text, done = std::move(done)] {
      std::this_thread::sleep_for(delay);
      done({.text = text, .finish = Finish::stop});
    });
  }

 private:
  const std::chrono::milliseconds delay_;
  std::vector<std::thread> threads_;
};

Prompt text_prompt(int i) {
  Prompt prompt;
  prompt.text = std::to_string(i);
  return prompt;
}

}  // namespace

TEST_CASE("a backend may answer inside submit") {
  Immediate backend;
  Window<int> window(backend, 2);
  window.submit(text_prompt(1), 1);
  window.submit(text_prompt(2), 2);
  CHECK(window.full());
  CHECK(window.next(wait_s)->ticket == 1);
  CHECK_FALSE(window.full());
  CHECK(window.next(wait_s)->response.text == "2");
  CHECK(window.empty());
}

TEST_CASE("every ticket comes back once, with its own answer") {
  Slow backend;
  Window<int> window(backend, 8);
  std::vector<int> seen(200, 0);
  const auto take = [&] {
    const auto answered = window.next(wait_s);
    REQUIRE(answered);
    CHECK(answered->response.text == std::to_string(answered->ticket));
    ++seen[static_cast<std::size_t>(answered->ticket)];
  };
  for (int i = 0; i < 200; ++i) {
    if (window.full()) {
      take();
    }
    window.submit(text_prompt(i), i);
  }
  while (!window.empty()) {
    take();
  }
  CHECK(seen == std::vector<int>(200, 1));
}

TEST_CASE(
    "next gives up after the time it was given, and a window may go while a prompt is in flight") {
  Slow backend(std::chrono::milliseconds(500));  // also on a machine that is slow to wake a thread
  Window<int> window(backend, 1);
  window.submit(text_prompt(1), 1);
  CHECK_FALSE(window.next(0.0001));
}
