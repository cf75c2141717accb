#include "backends/openai/shard.h"

#include <algorithm>
#include <chrono>
#include <deque>
#include <limits>
#include <mutex>
#include <random>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "backends/openai/adaptive_limit.h"
#include "backends/openai/answer.h"
#include "backends/openai/http_loop.h"
#include "backends/openai/request_body.h"
#include "backends/openai/sse.h"
#include "harness/utf8.h"

namespace assay {

namespace {

constexpr double sweep_s = 0.1;            // how often time limits are looked at
constexpr double after_done_s = 1;         // a stream that stays open after [DONE]
constexpr double used_up_pause_max_s = 1;  // quotas of this kind refill continuously
constexpr size_t error_body_bytes_max = 65536;
constexpr size_t chat_url = 0;
constexpr size_t text_url = 1;

double now_s() {
  return std::chrono::duration<double>(std::chrono::steady_clock::now().time_since_epoch()).count();
}

double unix_now_s() {
  return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count();
}

// One request, through all its attempts.
struct Job {
  Prompt prompt;  // emptied once the body is made
  std::function<void(Response)> done;
  RequestBody body;
  double submitted_s = 0;
  int attempts = 0;
};

enum class Cut { none, too_large, too_slow, stalled, ended };

// One try of one request. Kept and used again, so that its buffers are.
struct Attempt : HttpSink {
  HttpLoop* loop = nullptr;
  size_t bytes_max = 0;
  bool streamed_asked = false;
  std::unique_ptr<Job> job;
  AnswerReader answer;
  SseReader events;
  std::string text;  // of a body that is not a stream
  size_t bytes = 0;
  size_t index = 0;  // in the list of active attempts
  double started_s = 0;
  double last_byte_s = 0;
  double ended_s = 0;  // when [DONE] came; 0: not yet
  bool stream = false;
  bool good = false;  // the status is 2xx
  Cut cut = Cut::none;

  void begin(std::unique_ptr<Job> next, const OpenAiOptions& options, double at_s) {
    job = std::move(next);
    answer.reset({.chat = job->body.chat, .split_think = options.split_think});
    events.reset();
    text.clear();
    if (text.capacity() > error_body_bytes_max) {
      text.shrink_to_fit();
    }
    bytes = 0;
    started_s = last_byte_s = at_s;
    ended_s = 0;
    stream = good = false;
    cut = Cut::none;
  }

  void look_at_head(std::string_view first) {
    const int status = loop->status(*this);
    good = status >= 200 && status < 300;
    const size_t start = first.find_first_not_of(" \t\r\n");
    const bool object = start != std::string_view::npos && first[start] == '{';
    stream = good && (loop->event_stream(*this) || (streamed_asked && !object));
  }

  bool body(std::string_view chunk) override {
    if (bytes == 0) {
      look_at_head(chunk);
    }
    bytes += chunk.size();
    last_byte_s = now_s();
    if (!good) {
      text.append(
          chunk.substr(0, error_body_bytes_max - std::min(text.size(), error_body_bytes_max)));
    }
    if (bytes > bytes_max) {
      cut = Cut::too_large;
      return false;
    }
    if (good && !stream) {
      text.append(chunk);
    }
    return !stream || read_events(chunk);
  }

  bool read_events(std::string_view chunk) {
    events.feed(chunk);
    std::string_view data;
    while (events.next(data)) {
      answer.event(data, last_byte_s - started_s);
    }
    if (answer.ended() && ended_s == 0) {
      ended_s = last_byte_s;
    }
    return true;
  }
};

struct Retry {
  double at_s = 0;
  std::unique_ptr<Job> job;
};

bool later(const Retry& a, const Retry& b) {
  return a.at_s > b.at_s;
}

HttpSettings http_settings(const OpenAiOptions& options, int in_flight_max) {
  HttpSettings settings;
  settings.urls = {options.base_url + "/chat/completions", options.base_url + "/completions"};
  settings.headers = {"Content-Type: application/json", "Expect:"};
  settings.headers.emplace_back(options.stream ? "Accept: text/event-stream, application/json"
                                               : "Accept: application/json");
  if (!options.key_header.empty()) {
    settings.headers.push_back(options.key_header);
  }
  settings.connect_timeout_s = options.connect_timeout_s;
  settings.transfers_max = static_cast<size_t>(in_flight_max);
  settings.http = options.http;
  return settings;
}

}  // namespace

struct Shard::State {
  State(const OpenAiOptions& opts, int in_flight_max, RetryBudget& shared, std::atomic<int>& count)
      : options(opts),
        budget(shared),
        pending(count),
        loop(http_settings(opts, in_flight_max)),
        limit(in_flight_max) {}

  const OpenAiOptions& options;
  RetryBudget& budget;
  std::atomic<int>& pending;

  std::mutex mutex;
  std::vector<std::unique_ptr<Job>> inbox;  // guarded by mutex
  bool stopping = false;                    // guarded by mutex
  bool asleep = false;  // guarded by mutex: waits for events, and nobody has woken it yet

  // The rest belongs to the shard's thread.
  HttpLoop loop;
  AdaptiveLimit limit;
  std::vector<std::unique_ptr<Job>> taken;
  std::deque<std::unique_ptr<Job>> ready;
  std::vector<Retry> retries;  // a heap, the earliest first
  struct Finished {
    std::function<void(Response)> done;
    Response response;
  };
  std::vector<Finished> finished;  // not yet handed over
  std::vector<std::unique_ptr<Attempt>> active;
  std::vector<std::unique_ptr<Attempt>> idle;
  double next_sweep_s = 0;
  std::mt19937_64 random{std::random_device{}()};
  std::thread thread;

  void run();
  bool take_inbox();
  bool fall_asleep();
  void deliver_finished();
  void start_what_may(double at_s);
  void start(std::unique_ptr<Job> job, double at_s);
  double wait_s(double at_s) const;
  void sweep(double at_s);
  void conclude(Attempt& attempt, const HttpResult& result);
  Trouble trouble_of(Attempt& attempt, const HttpResult& result, Response& response);
  void settle(std::unique_ptr<Job> job, Response response, const Trouble& trouble,
              std::optional<double> asked_s);
  std::optional<double> retry_delay(const Job& job, const Trouble& trouble,
                                    std::optional<double> asked_s, std::string& why_not);
  void deliver(Job& job, Response response);
  WaitHeaders wait_headers(const Attempt& attempt) const;
  double uniform() { return std::uniform_real_distribution<double>(0, 1)(random); }
};

Shard::Shard(const OpenAiOptions& options, int in_flight_max, RetryBudget& budget)
    : state_(std::make_unique<State>(options, in_flight_max, budget, pending_)) {
  state_->thread = std::thread([state = state_.get()] { state->run(); });
}

Shard::~Shard() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->stopping = true;
  }
  state_->loop.wake();
  state_->thread.join();
}

void Shard::submit(Prompt prompt, std::function<void(Response)> done) {
  auto job = std::make_unique<Job>();
  job->prompt = std::move(prompt);
  job->done = std::move(done);
  job->submitted_s = now_s();
  pending_.fetch_add(1, std::memory_order_relaxed);
  bool asleep = false;
  {
    const std::lock_guard lock(state_->mutex);
    asleep = std::exchange(state_->asleep, false);
    state_->inbox.push_back(std::move(job));
  }
  if (asleep) {  // else it will look into the inbox before it waits
    state_->loop.wake();
  }
}

void Shard::State::run() {
  while (take_inbox()) {
    const double at_s = now_s();
    start_what_may(at_s);
    deliver_finished();
    if (!fall_asleep()) {
      continue;
    }
    loop.wait(wait_s(at_s));
    while (const auto result = loop.next()) {
      conclude(static_cast<Attempt&>(*result->sink), *result);
    }
    if (const double after_s = now_s(); after_s >= next_sweep_s) {
      next_sweep_s = after_s + sweep_s;
      sweep(after_s);
    }
  }
}

// False: something came in meanwhile.
bool Shard::State::fall_asleep() {
  const std::lock_guard lock(mutex);
  asleep = inbox.empty() && !stopping;
  return asleep;
}

bool Shard::State::take_inbox() {
  {
    const std::lock_guard lock(mutex);
    asleep = false;
    if (stopping) {
      return false;
    }
    taken.swap(inbox);
  }
  std::move(taken.begin(), taken.end(), std::back_inserter(ready));
  taken.clear();
  return true;
}

void Shard::State::start_what_may(double at_s) {
  while (!retries.empty() && retries.front().at_s <= at_s) {
    std::pop_heap(retries.begin(), retries.end(), later);
    ready.push_front(std::move(retries.back().job));
    retries.pop_back();
  }
  while (!ready.empty() && limit.may_start(static_cast<int>(active.size()), at_s) &&
         (loop.name_known() || active.empty())) {
    std::unique_ptr<Job> job = std::move(ready.front());
    ready.pop_front();
    start(std::move(job), at_s);
  }
}

void Shard::State::start(std::unique_ptr<Job> job, double at_s) {
  if (job->attempts == 0) {
    job->body = request_body(options, job->prompt);
    job->prompt = Prompt{};
  }
  if (!job->body.refusal.empty()) {
    Response response;
    response.failure = Failure::refused_input;
    response.error = job->body.refusal;
    response.timings.attempts = 0;
    deliver(*job, std::move(response));
    return;
  }
  ++job->attempts;
  if (idle.empty()) {
    idle.push_back(std::make_unique<Attempt>());
  }
  std::unique_ptr<Attempt> attempt = std::move(idle.back());
  idle.pop_back();
  attempt->loop = &loop;
  attempt->bytes_max = options.response_bytes_max;
  attempt->streamed_asked = options.stream;
  attempt->index = active.size();
  attempt->begin(std::move(job), options, at_s);
  loop.start(attempt->job->body.chat ? chat_url : text_url, attempt->job->body.json, *attempt);
  active.push_back(std::move(attempt));
}

double Shard::State::wait_s(double at_s) const {
  double until_s = std::numeric_limits<double>::infinity();
  if (!active.empty()) {
    until_s = next_sweep_s;
  }
  if (!retries.empty()) {
    until_s = std::min(until_s, retries.front().at_s);
  }
  if (!ready.empty() && limit.paused_until_s() > at_s) {
    until_s = std::min(until_s, limit.paused_until_s());
  }
  return std::max(0.0, until_s - at_s);
}

void Shard::State::sweep(double at_s) {
  for (size_t i = active.size(); i-- > 0;) {
    Attempt& attempt = *active[i];
    if (attempt.ended_s > 0 && at_s - attempt.ended_s > after_done_s) {
      attempt.cut = Cut::ended;
    } else if (at_s - attempt.started_s > options.timeout_s) {
      attempt.cut = Cut::too_slow;
    } else if (attempt.bytes > 0 && at_s - attempt.last_byte_s > options.stall_timeout_s) {
      attempt.cut = Cut::stalled;
    } else {
      continue;
    }
    const HttpResult result{.sink = &attempt, .end = HttpEnd::stopped};
    conclude(attempt, result);
  }
}

WaitHeaders Shard::State::wait_headers(const Attempt& attempt) const {
  return {.retry_after = loop.header(attempt, "retry-after"),
          .retry_after_ms = loop.header(attempt, "retry-after-ms"),
          .remaining_requests = loop.header(attempt, "x-ratelimit-remaining-requests"),
          .reset_requests = loop.header(attempt, "x-ratelimit-reset-requests"),
          .remaining_tokens = loop.header(attempt, "x-ratelimit-remaining-tokens"),
          .reset_tokens = loop.header(attempt, "x-ratelimit-reset-tokens")};
}

// What became of an attempt: fills `response` where it is an answer, else says what is wrong.
Trouble Shard::State::trouble_of(Attempt& attempt, const HttpResult& result, Response& response) {
  Trouble trouble;
  switch (attempt.cut) {
    case Cut::too_large:
      trouble.message = fmt::format("the response is larger than the limit of {} bytes",
                                    options.response_bytes_max);
      return trouble;
    case Cut::too_slow:
      trouble.kind = Failure::disconnected;
      trouble.message = fmt::format("timed out: no whole answer within {:g} s", options.timeout_s);
      return trouble;
    case Cut::stalled:
      trouble.kind = Failure::disconnected;
      trouble.message = fmt::format("timed out: nothing more for {:g} s in the midst of the answer",
                                    options.stall_timeout_s);
      return trouble;
    case Cut::none:
    case Cut::ended:
      break;
  }
  const bool whole = result.end == HttpEnd::complete || attempt.ended_s > 0;
  if (!whole) {
    trouble.kind =
        result.end == HttpEnd::impossible ? Failure::refused_input : Failure::disconnected;
    trouble.try_again = result.end != HttpEnd::impossible;
    trouble.message = one_line(result.error);
    return trouble;
  }
  if (response.http_status < 200 || response.http_status >= 300) {
    return trouble_of_status(response.http_status, attempt.text);
  }
  if (!attempt.stream) {
    attempt.answer.whole(attempt.text);
  }
  const int status = response.http_status;
  if (attempt.answer.finish(response, trouble)) {
    response.http_status = status;
    trouble.kind = Failure::none;
  }
  return trouble;
}

void Shard::State::conclude(Attempt& attempt, const HttpResult& result) {
  const double at_s = now_s();
  Response response;
  response.http_status = loop.status(attempt);
  const Trouble trouble = trouble_of(attempt, result, response);
  response.timings.attempts = attempt.job->attempts;
  response.timings.latency_s = (attempt.ended_s > 0 ? attempt.ended_s : at_s) - attempt.started_s;
  response.timings.waited_s = attempt.started_s - attempt.job->submitted_s;
  std::optional<double> asked_s;
  const bool turned_away = trouble.kind == Failure::overloaded && !trouble.content_filter;
  if (turned_away || response.http_status == 429) {
    asked_s = asked_wait(wait_headers(attempt), unix_now_s());
  }
  if (turned_away) {
    limit.overloaded(at_s, std::min(asked_s.value_or(0), options.asked_wait_max_s));
  } else if (trouble.kind == Failure::none) {
    limit.answered();
    if (!loop.header(attempt, "x-ratelimit-remaining-requests").empty()) {
      const double pause_s = used_up_for_s(wait_headers(attempt));
      limit.pause_until(at_s + std::min(pause_s, used_up_pause_max_s));
    }
  }
  if (attempt.cut != Cut::none && attempt.cut != Cut::too_large) {
    loop.abandon(attempt);
  }
  std::unique_ptr<Job> job = std::move(attempt.job);
  const size_t index = attempt.index;
  std::swap(active[index], active.back());
  active[index]->index = index;
  idle.push_back(std::move(active.back()));
  active.pop_back();
  settle(std::move(job), std::move(response), trouble, asked_s);
}

std::optional<double> Shard::State::retry_delay(const Job& job, const Trouble& trouble,
                                                std::optional<double> asked_s,
                                                std::string& why_not) {
  if (!trouble.try_again) {
    return std::nullopt;
  }
  if (job.attempts > options.retries_max) {
    why_not = fmt::format(" (after {} attempts)", job.attempts);
    return std::nullopt;
  }
  if (asked_s && *asked_s > options.asked_wait_max_s) {
    why_not = fmt::format(" (the host asks to wait {:.0f} s, more than {:g} s)", *asked_s,
                          options.asked_wait_max_s);
    return std::nullopt;
  }
  if (asked_s) {
    return asked_wait_s(*asked_s, uniform());  // what the host itself asks for is free
  }
  if (!budget.withdraw()) {
    why_not = " (the run's budget of retries is used up)";
    return std::nullopt;
  }
  return back_off_s(options.back_off_s, options.back_off_max_s, job.attempts - 1, uniform());
}

void Shard::State::settle(std::unique_ptr<Job> job, Response response, const Trouble& trouble,
                          std::optional<double> asked_s) {
  if (trouble.kind == Failure::none) {
    deliver(*job, std::move(response));
    return;
  }
  if (trouble.content_filter) {
    response.finish = Finish::content_filter;
    response.error = trouble.message;  // the host's words: who judges the answer names them
    deliver(*job, std::move(response));
    return;
  }
  std::string why_not;
  if (const auto delay_s = retry_delay(*job, trouble, asked_s, why_not)) {
    retries.push_back({.at_s = now_s() + *delay_s, .job = std::move(job)});
    std::push_heap(retries.begin(), retries.end(), later);
    return;
  }
  response.finish = Finish::failed;
  response.failure = trouble.kind;
  response.error = trouble.message + why_not;
  deliver(*job, std::move(response));
}

// Some hosts repeat the key they refuse.
void blot_out(std::string& text, const std::string& key) {
  if (key.empty()) {
    return;
  }
  for (size_t at = text.find(key); at != std::string::npos; at = text.find(key, at)) {
    text.replace(at, key.size(), "***");
  }
}

void Shard::State::deliver(Job& job, Response response) {
  blot_out(response.error, options.key);
  finished.push_back({std::move(job.done), std::move(response)});
}

// All that one look at the network brought, in one go: whoever waits is woken once.
void Shard::State::deliver_finished() {
  for (Finished& one : finished) {
    pending.fetch_sub(1, std::memory_order_relaxed);
    one.done(std::move(one.response));
  }
  finished.clear();
}

}  // namespace assay
