#include "backends/openai/shard.h"

#include <future>

#include "tests/backends/raw_server.h"
#include "tests/catch.h"

using assay::Failure;
using assay::Finish;
using assay::OpenAiOptions;
using assay::RawServer;
using assay::Response;

namespace {

OpenAiOptions options_for(const RawServer& server) {
  OpenAiOptions options;
  options.provider = "openai";
  options.model = "m";
  options.base_url = server.base_url();
  options.retries_max = 0;
  options.back_off_s = 0;
  return options;
}

Response ask_with(const OpenAiOptions& options) {
  std::promise<Response> promise;
  assay::RetryBudget budget(10);
  assay::Shard shard(options, 4, budget);
  shard.submit({.messages = {{.role = assay::Role::user, .content = "hello"}}},
               [&](Response response) { promise.set_value(std::move(response)); });
  return promise.get_future().get();
}

Response ask(const std::vector<std::string>& pieces) {
  RawServer server(pieces);
  return ask_with(options_for(server));
}

std::string chunk(const std::string& text) {
  char size[20];
  snprintf(size, sizeof size, "%zx", text.size());
  return std::string(size) + "\r\n" + text + "\r\n";
}

const std::string stream_head =
    "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";
const std::string stream_text =
    "data: {\"choices\":[{\"delta\":{\"content\":\"gr\xC3\xBC\xC3\x9F\"}}]}\r\n\r\n"
    ": ping\n\ndata: {\"choices\":[{\"delta\":{\"content\":\" dich \xF0\x9F\x98\x80\"},"
    "\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n";

}  // namespace

TEST_CASE("a stream is an answer however its bytes are cut") {
  const std::string expected = "gr\xC3\xBC\xC3\x9F dich \xF0\x9F\x98\x80";
  std::vector<std::string> pieces = {stream_head};
  for (const char c : stream_text) {
    pieces.push_back(chunk(std::string(1, c)));
  }
  pieces.emplace_back("0\r\n\r\n");
  const Response response = ask(pieces);
  INFO(response.error);
  CHECK(response.finish == Finish::stop);
  CHECK(response.text == expected);
  CHECK(ask({stream_head + chunk(stream_text) + "0\r\n\r\n"}).text == expected);
}

TEST_CASE("a stream without a content type is recognised by its first bytes") {
  CHECK(ask({"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n" + stream_text}).finish == Finish::stop);
}

TEST_CASE("a whole answer to the wish for a stream is taken") {
  CHECK(ask({"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"
             R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop"}]})"})
            .text == "a");
}

TEST_CASE("a stream cut before its end is a disconnection, after [DONE] it is an answer") {
  const Response cut = ask({stream_head + chunk(stream_text.substr(0, 70))});
  CHECK(cut.finish == Finish::failed);
  CHECK(cut.failure == Failure::disconnected);
  CHECK(ask({stream_head + chunk(stream_text)}).finish == Finish::stop);
}

TEST_CASE("an empty body is a failure") {
  CHECK(ask({"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n"}).finish == Finish::failed);
  CHECK(ask({"HTTP/1.1 204 No Content\r\n\r\n"}).finish == Finish::failed);
}

TEST_CASE("a redirect is refused and not followed") {
  const Response response =
      ask({"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"});
  CHECK(response.failure == Failure::refused_input);
  CHECK_THAT(response.error, Catch::Contains("redirect"));
}

TEST_CASE("what is no HTTP is a disconnection and no crash") {
  for (const char* bytes :
       {"hello\n", "HTTP/1.1 999999 x\r\n\r\n", "\r\n\r\n\r\n", "HTTP/1.1 200"}) {
    INFO(bytes);
    CHECK(ask({bytes}).finish == Finish::failed);
  }
}

TEST_CASE("a head without end is bounded") {
  std::string head = "HTTP/1.1 200 OK\r\n";
  for (int i = 0; i < 20'000; ++i) {
    head += "X-Header-" + std::to_string(i) + ": " + std::string(100, 'x') + "\r\n";
  }
  CHECK(ask({head}).finish == Finish::failed);
}

TEST_CASE("an answer that stalls is given up") {
  RawServer server(std::vector<std::string>(600, ""));  // sends nothing for a while
  OpenAiOptions options = options_for(server);
  options.timeout_s = 0.2;
  const Response response = ask_with(options);
  CHECK(response.failure == Failure::disconnected);
  CHECK_THAT(response.error, Catch::Contains("timed out"));
  CHECK(response.timings.latency_s >= 0.2);
}

TEST_CASE(
    "an error that is a host's filter is a finish without a text, and keeps the host's words") {
  const std::string body =
      R"({"error":{"message":"Content Exists Risk","code":"invalid_request_error"}})";
  const Response response =
      ask({"HTTP/1.1 400 Bad Request\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body});
  CHECK(response.finish == Finish::content_filter);
  CHECK(response.failure == Failure::none);
  CHECK(response.http_status == 400);
  CHECK(response.text.empty());
  CHECK(response.error == "HTTP 400: Content Exists Risk");
}
