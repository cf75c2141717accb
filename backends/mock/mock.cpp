#include "backends/mock/mock.h"

#include <algorithm>
#include <charconv>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/digest.h"
#include "harness/error.h"

namespace assay {

namespace {

using Clock = std::chrono::steady_clock;

double number_option(const std::string& key, const std::string& value, double most) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || !(number >= 0) ||
      number > most) {
    throw UserError(
        fmt::format("--backend-option {}={}: must be a number from 0 to {}", key, value, most));
  }
  return number;
}

int word_count(std::string_view text) {
  int words = 0;
  bool inside = false;
  for (const char c : text) {
    const bool blank = static_cast<unsigned char>(c) <= ' ';
    words += !blank && !inside ? 1 : 0;
    inside = !blank;
  }
  return words;
}

std::string prompt_text(const Prompt& prompt) {
  if (!prompt.messages.empty()) {
    return prompt.messages.back().content;
  }
  return prompt.text.empty() ? fmt::format("{}", fmt::join(prompt.tokens, " ")) : prompt.text;
}

struct Due {
  Clock::time_point at;
  Response response;
  std::function<void(Response)> done;
};

bool later(const Due& a, const Due& b) {
  return a.at > b.at;
}

}  // namespace

// One thread that hands out answers when their time has come.
struct MockBackend::Timer {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<Due> heap;  // the earliest first
  bool stopping = false;
  std::thread thread{[this] { run(); }};

  ~Timer() {
    {
      const std::lock_guard lock(mutex);
      stopping = true;
    }
    changed.notify_one();
    thread.join();
  }

  void add(Due due) {
    {
      const std::lock_guard lock(mutex);
      heap.push_back(std::move(due));
      std::push_heap(heap.begin(), heap.end(), later);
    }
    changed.notify_one();
  }

  void run() {
    std::unique_lock lock(mutex);
    while (!stopping) {
      if (heap.empty()) {
        changed.wait(lock);
      } else if (heap.front().at > Clock::now()) {
        changed.wait_until(lock, heap.front().at);
      } else {
        std::pop_heap(heap.begin(), heap.end(), later);
        Due due = std::move(heap.back());
        heap.pop_back();
        lock.unlock();
        due.done(std::move(due.response));
        lock.lock();
      }
    }
  }
};

MockOptions mock_options(const ModelSpec& spec) {
  MockOptions options;
  options.name = spec.name;
  options.answers.echo = spec.name == "echo";
  for (const auto& [key, value] : spec.options) {
    if (key == "answers") {
      options.answers.file = value;
    } else if (key == "text") {
      options.answers.text = value;
    } else if (key == "accuracy") {
      options.answers.accuracy = number_option(key, value, 1);
    } else if (key == "seed") {
      options.answers.seed = static_cast<std::uint64_t>(number_option(key, value, 1e15));
    } else if (key == "latency_s") {
      options.latency_s = number_option(key, value, 3600);
    } else if (key == "failure_rate") {
      options.failure_rate = number_option(key, value, 1);
    } else {
      throw UserError(
          fmt::format("--backend-option: 'mock' has no option '{}'; there are: accuracy, answers, "
                      "failure_rate, latency_s, seed, text",
                      key));
    }
  }
  return options;
}

MockBackend::MockBackend(const MockOptions& options) : options_(options), book_(options.answers) {
  if (!options_.answers.file.empty()) {  // a file that changed gives other answers
    answers_identity_ = "sha256:" + sha256_hex_of_file(options_.answers.file);
  }
  if (options_.latency_s > 0) {
    timer_ = std::make_unique<Timer>();
  }
}

MockBackend::~MockBackend() = default;

std::string MockBackend::identity() const {
  return nlohmann::json{{"provider", "mock"},
                        {"model", options_.name},
                        {"is_a_mock", true},
                        {"answers", answers_identity_},
                        {"text", options_.answers.text},
                        {"accuracy", options_.answers.accuracy},
                        {"failure_rate", options_.failure_rate},
                        {"seed", options_.answers.seed}}
      .dump();
}

Response MockBackend::answer(const Prompt& prompt) const {
  const std::string text = prompt_text(prompt);
  const auto draw = static_cast<std::uint64_t>(prompt.sample_index);
  Response response;
  response.served_model = "mock";
  response.timings.latency_s = options_.latency_s;
  // Another seed than the one that decides right and wrong, or the two would go together.
  if (unit_interval(stable_hash(text, ~(options_.answers.seed + draw))) < options_.failure_rate) {
    response.failure = Failure::failed;
    response.error = "the mock was told to fail";
    return response;
  }
  CannedAnswer canned = book_.lookup(text, draw);
  response.finish = canned.withheld ? Finish::content_filter : Finish::stop;
  response.usage.prompt_tokens = word_count(text);
  response.usage.completion_tokens = word_count(canned.text) + word_count(canned.reasoning);
  response.usage.reasoning_tokens = word_count(canned.reasoning);
  response.text = std::move(canned.text);
  response.reasoning = std::move(canned.reasoning);
  return response;
}

void MockBackend::submit(Prompt prompt, std::function<void(Response)> done) {
  Response response = answer(prompt);
  if (timer_ == nullptr) {
    done(std::move(response));
    return;
  }
  const auto wait = std::chrono::duration_cast<Clock::duration>(
      std::chrono::duration<double>(options_.latency_s));
  timer_->add(
      {.at = Clock::now() + wait, .response = std::move(response), .done = std::move(done)});
}

}  // namespace assay
