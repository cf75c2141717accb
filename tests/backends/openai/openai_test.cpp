#include "backends/openai/openai.h"

#include <chrono>
#include <condition_variable>
#include <map>
#include <mutex>
#include <thread>
#include <vector>

#include "backends/mock/server.h"
#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test of one class

namespace {

// Collects responses by the number of their prompt.
class Answers {
 public:
  std::function<void(Response)> slot(int number) {
    return [this, number](Response response) {
      const std::lock_guard lock(mutex_);
      CHECK(by_number_.emplace(number, std::move(response)).second);
      arrived_.notify_all();
    };
  }
  const std::map<int, Response>& wait(size_t count) {
    std::unique_lock lock(mutex_);
    REQUIRE(arrived_.wait_for(lock, std::chrono::seconds(60),
                              [&] { return by_number_.size() >= count; }));
    return by_number_;
  }

 private:
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::map<int, Response> by_number_;
};

ModelSpec spec_for(const MockServer& server) {
  ModelSpec spec = parse_model("openai:mock");
  spec.base_url = server.base_url();
  spec.timeout_s = 10;
  spec.options = {{"back_off_s", "0.01"}, {"response_bytes_max", "1000000"}};
  return spec;
}

OpenAiOptions options_for(const ModelSpec& spec) {
  return openai_options(spec, [](const char*) { return std::nullopt; });
}

Prompt chat(const std::string& text) {
  return {.messages = {{.role = Role::user, .content = text}}};
}

Response ask(const ModelSpec& spec, Prompt prompt) {
  OpenAiBackend backend(options_for(spec));
  Answers answers;
  backend.submit(std::move(prompt), answers.slot(0));
  return answers.wait(1).at(0);
}

// The faults at the given rates, and what becomes of 60 questions.
std::map<int, Response> answers_despite(const FaultRates& faults, bool stream, double timeout_s) {
  MockServerOptions server_options{
      .faults = faults, .seed = 7, .retry_after_s = 0.02, .oversized_bytes = 3'000'000};
  server_options.answers.echo = true;
  MockServer server(server_options);
  ModelSpec spec = spec_for(server);
  spec.stream = stream;
  spec.timeout_s = timeout_s;
  OpenAiBackend backend(options_for(spec));
  Answers answers;
  constexpr int questions = 60;
  for (int i = 0; i < questions; ++i) {
    backend.submit(chat("question " + std::to_string(i)), answers.slot(i));
  }
  const std::map<int, Response> all = answers.wait(questions);
  CHECK(server.stats().faults > 5);
  return all;
}

void check_all_answered(const FaultRates& faults, double timeout_s = 10) {
  for (const bool stream : {false, true}) {
    for (const auto& [number, response] : answers_despite(faults, stream, timeout_s)) {
      INFO("question " << number << (stream ? " streamed: " : ": ") << response.error);
      CHECK(response.finish == Finish::stop);
      CHECK(response.text == "question " + std::to_string(number));
    }
  }
}

}  // namespace

TEST_CASE("a chat is answered, with reasoning, usage and times apart") {
  MockServerOptions options;
  options.answers.text = "The answer is 4.";
  MockServer server(options);
  for (const bool stream : {false, true}) {
    ModelSpec spec = spec_for(server);
    spec.stream = stream;
    const Response response = ask(spec, chat("two and two?"));
    INFO(response.error);
    CHECK(response.finish == Finish::stop);
    CHECK(response.text == "The answer is 4.");
    CHECK(response.usage.completion_tokens == 4);
    CHECK(response.usage.prompt_tokens == 3);
    CHECK(response.served_model == "mock");
    CHECK(response.http_status == 200);
    CHECK(response.timings.latency_s > 0);
    CHECK(response.timings.ttft_s.has_value() == stream);
  }
}

TEST_CASE("a plain text and token ids go to the completions endpoint") {
  MockServerOptions options;
  options.answers.echo = true;
  MockServer server(options);
  ModelSpec spec = spec_for(server);
  CHECK(ask(spec, {.text = "once upon a time"}).text == "once upon a time");
  CHECK(ask(spec, {.tokens = {5, 6}}).text == "[5,6]");
}

TEST_CASE("429 with Retry-After is waited for and answered in the end") {
  check_all_answered({.rate_limited = 0.4});
}

TEST_CASE("a server error is tried again") {
  check_all_answered({.server_error = 0.4});
}

TEST_CASE("a connection that closes before or within the answer is made again") {
  check_all_answered({.disconnect_before = 0.3, .disconnect_mid = 0.3});
}

TEST_CASE("truncated and malformed answers and wrong types are never taken for answers") {
  check_all_answered({.truncated = 0.2, .malformed = 0.2, .wrong_types = 0.2});
}

TEST_CASE("a response over the limit is cut and tried again") {
  check_all_answered({.oversized = 0.2});
}

TEST_CASE("a body that never ends is cut by the time limit and tried again") {
  check_all_answered({.endless = 0.15}, 0.4);
}

TEST_CASE("what the host withholds is a finish and not a failure") {
  for (const bool stream : {false, true}) {
    int withheld = 0;
    for (const auto& [number, response] : answers_despite({.content_filter = 0.3}, stream, 10)) {
      CHECK(response.finish != Finish::failed);
      withheld += response.finish == Finish::content_filter ? 1 : 0;
    }
    CHECK(withheld > 5);
    CHECK(withheld < 50);
  }
}

TEST_CASE("retries end, and the failure says why and how often it was tried") {
  MockServer server({.faults = {.server_error = 1}, .faults_in_a_row_max = 1000});
  ModelSpec spec = spec_for(server);
  spec.retries_max = 2;
  const Response response = ask(spec, chat("hello"));
  CHECK(response.finish == Finish::failed);
  CHECK(response.failure == Failure::failed);
  CHECK(response.timings.attempts == 3);
  CHECK(response.http_status == 500);
  CHECK_THAT(response.error, Catch::Contains("told to fail") && Catch::Contains("3 attempts"));
}

TEST_CASE("a host that asks for longer than the limit is not waited for") {
  MockServer server(
      {.faults = {.rate_limited = 1}, .faults_in_a_row_max = 1000, .retry_after_s = 7200});
  const Response response = ask(spec_for(server), chat("hello"));
  CHECK(response.failure == Failure::overloaded);
  CHECK(response.timings.attempts == 1);
  CHECK_THAT(response.error, Catch::Contains("7200 s"));
}

TEST_CASE("Retry-After is waited for in full") {
  MockServer server(
      {.faults = {.rate_limited = 1}, .faults_in_a_row_max = 1, .retry_after_s = 0.5});
  const Response response = ask(spec_for(server), chat("hello"));
  CHECK(response.finish == Finish::stop);
  CHECK(response.timings.attempts == 2);
  CHECK(response.timings.waited_s >= 0.5);
  CHECK(response.timings.latency_s < response.timings.waited_s);
}

TEST_CASE("no server is a disconnection") {
  ModelSpec spec = parse_model("openai:mock");
  spec.base_url = "http://127.0.0.1:1/v1";
  spec.retries_max = 1;
  spec.options = {{"back_off_s", "0"}};
  const Response response = ask(spec, chat("hello"));
  CHECK(response.failure == Failure::disconnected);
  CHECK(response.timings.attempts == 2);
  CHECK(response.http_status == 0);
}

TEST_CASE("input that is refused is not tried again") {
  MockServer server({.key = "right"});
  const Response response = ask(spec_for(server), chat("hello"));
  CHECK(response.failure == Failure::refused_input);
  CHECK(response.timings.attempts == 1);
  CHECK(response.http_status == 401);
}

TEST_CASE("a key that the host repeats is blotted out, and identity never holds it") {
  MockServer server({.key = "right"});
  const std::string key = "sk-secret-0123456789";
  OpenAiOptions options =
      openai_options(spec_for(server), [&](const char*) { return std::optional(key); });
  OpenAiBackend backend(options);
  Answers answers;
  backend.submit(chat("hello"), answers.slot(0));
  const Response response = answers.wait(1).at(0);
  CHECK_THAT(response.error, Catch::Contains("Incorrect API key") && Catch::Contains("***"));
  CHECK_THAT(response.error, !Catch::Contains(key));
  CHECK_THAT(backend.identity(), !Catch::Contains(key) && Catch::Contains("mock"));
}

TEST_CASE("the right key opens the door") {
  MockServer server({.key = "right"});
  OpenAiBackend backend(openai_options(
      spec_for(server), [&](const char*) { return std::optional<std::string>("right"); }));
  Answers answers;
  backend.submit(chat("hello"), answers.slot(0));
  CHECK(answers.wait(1).at(0).finish == Finish::stop);
}

TEST_CASE("many requests in flight over several threads are each answered once") {
  MockServerOptions server_options{.latency_s = 0.05};
  server_options.answers.echo = true;
  MockServer server(server_options);
  ModelSpec spec = spec_for(server);
  spec.in_flight_max = 300;
  spec.stream = false;
  spec.options.emplace_back("shards", "3");
  OpenAiBackend backend(options_for(spec));
  Answers answers;
  constexpr int questions = 600;
  for (int i = 0; i < questions; ++i) {
    backend.submit(chat("q" + std::to_string(i)), answers.slot(i));
  }
  for (const auto& [number, response] : answers.wait(questions)) {
    CHECK(response.text == "q" + std::to_string(number));
  }
  CHECK(server.stats().connections <= 300);
}

TEST_CASE("a backend may be destroyed while requests are under way") {
  MockServer server({.latency_s = 30});
  Answers answers;
  {
    OpenAiBackend backend(options_for(spec_for(server)));
    for (int i = 0; i < 40; ++i) {
      backend.submit(chat("q"), answers.slot(i));
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
  }
  CHECK(server.stats().requests > 0);
}
