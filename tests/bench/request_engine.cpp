// Drives the remote backend against a server and prints what it managed, as one JSON line:
//   request_engine BASE_URL REQUESTS IN_FLIGHT [stream]
// tests/bench/request_engine.py runs it beside its peers.

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <deque>
#include <exception>
#include <iostream>
#include <mutex>
#include <string>

#include <fmt/core.h>
#include <sys/resource.h>

#include "backends/openai/openai.h"
#include "harness/catalogue.h"

namespace {

// The smallest submit-and-reap window: what the run loop does, without store and graders.
class Reaper {
 public:
  void put(bool answered, int attempts) {
    const std::lock_guard lock(mutex_);
    ++done_;
    good_ += answered ? 1 : 0;
    attempts_ += attempts;
    if (wanted_ > 0 && done_ >= wanted_) {
      wanted_ = 0;
      ready_.notify_one();
    }
  }
  // Waits until that many are done; returns how many are.
  long wait_for(long count) {
    std::unique_lock lock(mutex_);
    wanted_ = count;
    ready_.wait(lock, [&] { return done_ >= count; });
    wanted_ = 0;
    return done_;
  }
  long good() const { return good_; }
  long attempts() const { return attempts_; }

 private:
  std::mutex mutex_;
  std::condition_variable ready_;
  long done_ = 0, good_ = 0, attempts_ = 0, wanted_ = 0;
};

assay::Prompt question(long number) {
  assay::Prompt prompt;
  prompt.messages = {
      {.role = assay::Role::user,
       .content = fmt::format("Question {}: a hen lays {} eggs. How many?", number, number % 97)}};
  prompt.sampling.max_tokens = 256;
  return prompt;
}

int run(const std::string& base_url, long requests, int in_flight, bool stream) {
  assay::ModelSpec spec = assay::parse_model("openai:mock");
  spec.base_url = base_url;
  spec.in_flight_max = in_flight;
  spec.stream = stream;
  Reaper reaper;
  assay::OpenAiBackend backend(assay::openai_options(spec, assay::environment_variable));
  const auto start = std::chrono::steady_clock::now();
  long done = 0;
  for (long sent = 0; sent < requests; ++sent) {
    if (sent - done >= in_flight) {
      done = reaper.wait_for(sent - in_flight + 1);
    }
    backend.submit(question(sent), [&reaper](const assay::Response& response) {
      reaper.put(response.finish == assay::Finish::stop, response.timings.attempts);
    });
  }
  reaper.wait_for(requests);
  const double seconds =
      std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto cpu_s = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) * 1e-6;
  };
  std::cout << fmt::format(
      R"({{"requests_per_s": {:.1f}, "seconds": {:.3f}, "answered": {}, "attempts": {}, )"
      R"("cpu_us_per_request": {:.2f}, "memory_peak_mib": {:.1f}}})"
      "\n",
      static_cast<double>(requests) / seconds, seconds, reaper.good(), reaper.attempts(),
      (cpu_s(usage.ru_utime) + cpu_s(usage.ru_stime)) * 1e6 / static_cast<double>(requests),
      static_cast<double>(usage.ru_maxrss) / 1024);
  return reaper.good() == requests ? 0 : 1;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: request_engine BASE_URL REQUESTS IN_FLIGHT [stream]\n";
    return 2;
  }
  try {
    return run(argv[1], std::atol(argv[2]), std::atoi(argv[3]),
               argc > 4 && std::string(argv[4]) == "stream");
  } catch (const std::exception& error) {
    std::cerr << error.what() << '\n';
    return 1;
  }
}
