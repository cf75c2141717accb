#include "backends/openai/http_loop.h"

#include <thread>

#include "backends/mock/server.h"
#include "tests/backends/raw_server.h"
#include "tests/catch.h"

using assay::HttpEnd;
using assay::HttpLoop;
using assay::HttpResult;
using assay::RawServer;

namespace {

struct Collector : assay::HttpSink {
  std::string text;
  size_t enough = 1'000'000;
  bool body(std::string_view bytes) override {
    text += bytes;
    return text.size() < enough;
  }
};

HttpResult run(HttpLoop& loop) {
  for (int i = 0; i < 1000; ++i) {
    loop.wait(0.01);
    if (const auto result = loop.next()) {
      return *result;
    }
  }
  FAIL("no result within ten seconds");
  return {};
}

HttpResult post(const std::string& url, Collector& collector) {
  HttpLoop loop({.urls = {url}});
  loop.start(0, "{}", collector);
  return run(loop);
}

}  // namespace

TEST_CASE("a post brings back status, headers and body, on one connection") {
  assay::MockServer server({.faults = {.rate_limited = 1}, .faults_in_a_row_max = 1});
  HttpLoop loop({.urls = {server.base_url() + "/chat/completions"}});
  const std::string body = R"({"messages":[{"role":"user","content":"a"}]})";
  Collector first;
  loop.start(0, body, first);
  CHECK(run(loop).end == HttpEnd::complete);
  CHECK(loop.status(first) == 429);
  CHECK(loop.header(first, "retry-after") == "1");
  CHECK(loop.header(first, "x-none").empty());
  CHECK_FALSE(loop.next());
  Collector second;
  loop.start(0, body, second);
  CHECK(run(loop).end == HttpEnd::complete);
  CHECK(loop.status(second) == 200);
  CHECK_FALSE(loop.event_stream(second));
  CHECK_THAT(second.text, Catch::Contains("finish_reason"));
  CHECK(server.stats().connections == 1);
}

TEST_CASE("a body that the sink has enough of is stopped") {
  RawServer server({"HTTP/1.1 200 OK\r\n\r\n" + std::string(100'000, 'x')});
  Collector collector;
  collector.enough = 1000;
  CHECK(post(server.base_url(), collector).end == HttpEnd::stopped);
}

TEST_CASE("a connection cut within the head or the body is broken, and says how") {
  const std::string cuts[] = {"", "HTTP/1.1 2", "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nabc",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nab",
                              "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nab"};
  for (const std::string& bytes : cuts) {
    RawServer server({bytes});
    Collector collector;
    const HttpResult result = post(server.base_url(), collector);
    INFO(bytes);
    CHECK(result.end == HttpEnd::broken);
    CHECK_FALSE(result.error.empty());
  }
}

TEST_CASE("an abandoned transfer gives no result") {
  assay::MockServer server({.latency_s = 0.05});
  HttpLoop loop({.urls = {server.base_url() + "/chat/completions"}});
  Collector collector;
  loop.start(0, R"({"messages":[{"role":"user","content":"a"}]})", collector);
  loop.wait(0.01);
  loop.abandon(collector);
  for (int i = 0; i < 10; ++i) {
    loop.wait(0.01);
    CHECK_FALSE(loop.next());
  }
}

TEST_CASE("a wait ends when it is woken from another thread") {
  HttpLoop loop({.urls = {"http://127.0.0.1:1/"}});
  std::thread waker([&] { loop.wake(); });
  loop.wait(30);
  waker.join();
}
