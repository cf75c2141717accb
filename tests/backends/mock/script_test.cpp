#include "backends/mock/script.h"

#include <map>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using assay::Fault;
using assay::MockRequest;
using assay::MockServerOptions;

namespace {

const std::string chat_body = R"({"messages":[{"role":"user","content":"hi"}]})";

assay::Script script(const MockServerOptions& options, const MockRequest& request,
                     Fault fault = Fault::none) {
  return assay::script_for(options, assay::AnswerBook(options.answers), request, fault);
}

MockRequest chat(const std::string& body) {
  return {.target = "/v1/chat/completions", .body = body};
}

nlohmann::json json_of(const assay::Script& script) {
  const std::string& bytes = script.steps.at(0).bytes;
  return nlohmann::json::parse(bytes.substr(bytes.find("\r\n\r\n") + 4));
}

}  // namespace

TEST_CASE("faults come at their rates, as the seed decides") {
  const MockServerOptions options{
      .faults = {.rate_limited = 0.2, .server_error = 0.1, .content_filter = 0.05}, .seed = 5};
  std::map<Fault, int> counts;
  for (std::uint64_t body = 0; body < 10'000; ++body) {
    const Fault fault = assay::fault_for(options, body * 7919, 0);
    CHECK(fault == assay::fault_for(options, body * 7919, 0));
    ++counts[fault];
  }
  CHECK(counts[Fault::content_filter] == Approx(500).margin(100));
  CHECK(counts[Fault::rate_limited] == Approx(1900).margin(150));
  CHECK(counts[Fault::server_error] == Approx(950).margin(120));
  CHECK(counts[Fault::endless] == 0);
}

TEST_CASE("a body that is sent again is answered in the end") {
  const MockServerOptions options{.faults = {.server_error = 1}, .faults_in_a_row_max = 2};
  CHECK(assay::fault_for(options, 1, 0) == Fault::server_error);
  CHECK(assay::fault_for(options, 1, 1) == Fault::server_error);
  CHECK(assay::fault_for(options, 1, 2) == Fault::none);
}

TEST_CASE("a request that is not understood is refused as the API does") {
  const auto status = [](const assay::Script& one) { return one.steps.at(0).bytes.substr(9, 3); };
  CHECK(status(script({}, chat("{"))) == "400");
  CHECK(status(script({}, chat("{}"))) == "400");
  CHECK(status(script({}, chat(R"({"messages":[]})"))) == "400");
  CHECK(status(script({}, {.target = "/v1/else", .body = chat_body})) == "404");
  CHECK(status(script({}, {.target = "/v1/completions", .body = "", .post = false})) == "405");
  CHECK(status(script({.key = "k"}, chat(chat_body))) == "401");
  CHECK(status(script({}, chat(R"({"messages":[7]})"))) == "200");
  CHECK(json_of(script({}, {.target = "/v1/models", .post = false}))["data"][0]["id"] == "mock");
}

TEST_CASE("an answer is cut at max_tokens") {
  MockServerOptions options;
  options.answers.text = "one two three four";
  const auto answer = json_of(
      script(options, chat(R"({"max_tokens":2,"messages":[{"role":"user","content":"hi"}]})")));
  CHECK(answer["choices"][0]["message"]["content"] == "one two");
  CHECK(answer["choices"][0]["finish_reason"] == "length");
  CHECK(answer["usage"]["completion_tokens"] == 2);
}

TEST_CASE("a stream keeps the times of its tokens") {
  MockServerOptions options{.ttft_s = 0.5, .inter_token_s = 0.1};
  options.answers.text = "one two three";
  const assay::Script one =
      script(options, chat(R"({"stream":true,"messages":[{"role":"user","content":"hi"}]})"));
  REQUIRE(one.steps.size() == 3);
  CHECK(one.steps[0].wait_s == 0.5);
  CHECK(one.steps[2].wait_s == 0.1);
  CHECK_THAT(one.steps[2].bytes, Catch::Contains("[DONE]") && Catch::EndsWith("0\r\n\r\n"));
}

TEST_CASE("each fault looks like what it is called") {
  const std::string streamed = R"({"stream":true,"messages":[{"role":"user","content":"hi"}]})";
  for (const std::string& body : {chat_body, streamed}) {
    const auto of = [&](Fault fault) { return script({}, chat(body), fault); };
    CHECK_THAT(of(Fault::rate_limited).steps[0].bytes, Catch::Contains("Retry-After: 1\r\n"));
    CHECK_THAT(of(Fault::server_error).steps[0].bytes, Catch::Contains("500"));
    CHECK(of(Fault::disconnect_before).steps.empty());
    CHECK(of(Fault::disconnect_mid).after == assay::After::close);
    CHECK_THAT(of(Fault::truncated).steps[0].bytes, !Catch::Contains("[DONE]"));
    CHECK(of(Fault::endless).steps.back().times > 1'000'000'000);
    const auto flood = of(Fault::oversized).steps[1];
    CHECK(flood.bytes.size() * flood.times > size_t{20} << 20);
    CHECK_THAT(of(Fault::content_filter).steps[0].bytes, Catch::Contains("content_filter"));
  }
}
