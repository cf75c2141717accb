#include "backends/mock/mock.h"

#include <future>
#include <thread>

#include "harness/error.h"
#include "tests/catch.h"

using assay::Finish;
using assay::MockBackend;
using assay::Prompt;
using assay::Response;

namespace {

MockBackend make(const std::string& model,
                 std::vector<std::pair<std::string, std::string>> options = {}) {
  assay::ModelSpec spec = assay::parse_model(model);
  spec.options = std::move(options);
  return MockBackend(assay::mock_options(spec));
}

Response ask(MockBackend& backend, const std::string& text, int sample = 0) {
  std::promise<Response> promise;
  backend.submit({.text = text, .sample_index = sample},
                 [&](Response response) { promise.set_value(std::move(response)); });
  return promise.get_future().get();
}

}  // namespace

TEST_CASE("the mock answers and says that it is one") {
  MockBackend backend = make("mock:", {{"text", "four eggs"}});
  const Response response = ask(backend, "how many?");
  CHECK(response.finish == Finish::stop);
  CHECK(response.text == "four eggs");
  CHECK(response.usage.completion_tokens == 2);
  CHECK_THAT(backend.identity(), Catch::Contains("\"is_a_mock\":true"));
  MockBackend echo = make("mock:echo");
  CHECK(ask(echo, "say it").text == "say it");
}

TEST_CASE("with latency the answer comes from another thread, and not too early") {
  MockBackend backend = make("mock:echo", {{"latency_s", "0.05"}});
  const auto start = std::chrono::steady_clock::now();
  std::promise<std::thread::id> promise;
  backend.submit({.text = "a"},
                 [&](const Response&) { promise.set_value(std::this_thread::get_id()); });
  CHECK(promise.get_future().get() != std::this_thread::get_id());
  CHECK(std::chrono::steady_clock::now() - start >= std::chrono::milliseconds(50));
}

TEST_CASE("failures are a share that the seed decides, sample by sample") {
  MockBackend backend = make("mock:echo", {{"failure_rate", "0.25"}, {"seed", "4"}});
  int failed = 0;
  for (int i = 0; i < 400; ++i) {
    const Response response = ask(backend, "question", i);
    CHECK(response.finish == ask(backend, "question", i).finish);
    failed += response.finish == Finish::failed ? 1 : 0;
  }
  CHECK(failed > 60);
  CHECK(failed < 140);
}

TEST_CASE("unknown and bad options are mistakes") {
  CHECK_THROWS_WITH(make("mock:", {{"colour", "red"}}), Catch::Contains("accuracy"));
  CHECK_THROWS_WITH(make("mock:", {{"accuracy", "2"}}), Catch::Contains("accuracy=2"));
  CHECK_THROWS_WITH(make("mock:", {{"answers", "/nowhere"}}), Catch::Contains("/nowhere"));
}

TEST_CASE("a mock may be destroyed with answers outstanding") {
  MockBackend backend = make("mock:echo", {{"latency_s", "60"}});
  backend.submit({.text = "a"}, [](const Response&) {});
}
