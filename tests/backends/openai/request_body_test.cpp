#include "backends/openai/request_body.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using assay::OpenAiOptions;
using assay::Prompt;
using nlohmann::json;

namespace {

OpenAiOptions plain() {
  OpenAiOptions options;
  options.provider = "openai";
  options.model = "m";
  options.stream = false;
  return options;
}

json body_of(const OpenAiOptions& options, const Prompt& prompt) {
  return json::parse(assay::request_body(options, prompt).json);
}

Prompt chat() {
  return {.messages = {{.role = assay::Role::system, .content = "Be \"brief\"."},
                       {.role = assay::Role::user, .content = "2+2?\n"},
                       {.role = assay::Role::assistant, .content = ""}}};
}

}  // namespace

TEST_CASE("a chat is written with its sampling") {
  Prompt prompt = chat();
  prompt.sampling = {.temperature = 0.6,
                     .top_p = 0.95,
                     .top_k = 20,
                     .max_tokens = 100,
                     .stop = {"\n\n", "Q:"},
                     .seed = 40,
                     .top_logprobs = 3};
  prompt.sample_index = 2;
  CHECK(body_of(plain(), prompt) == json::parse(R"({"model":"m","messages":[
    {"role":"system","content":"Be \"brief\"."},{"role":"user","content":"2+2?\n"},
    {"role":"assistant","content":""}],"max_tokens":100,"temperature":0.6,"top_p":0.95,"top_k":20,
    "seed":42,"stop":["\n\n","Q:"],"logprobs":true,"top_logprobs":3})"));
}

TEST_CASE("what is off is not sent") {
  CHECK(body_of(plain(), {.text = "once"}) ==
        json::parse(R"({"model":"m","prompt":"once","max_tokens":2048,"temperature":0.0})"));
}

TEST_CASE("tokens and plain text go to the other endpoint") {
  Prompt prompt{.tokens = {1, 22, 333}};
  prompt.sampling.top_logprobs = 0;
  CHECK(body_of(plain(), prompt)["prompt"] == json::parse("[1,22,333]"));
  CHECK(body_of(plain(), prompt)["logprobs"] == 0);
  CHECK_FALSE(assay::request_body(plain(), prompt).chat);
  CHECK(assay::request_body(plain(), chat()).chat);
}

TEST_CASE("a stream asks for usage where the host takes the question") {
  OpenAiOptions options = plain();
  options.stream = true;
  CHECK(body_of(options, chat())["stream_options"]["include_usage"] == true);
  options.stream_options = false;
  CHECK(body_of(options, chat())["stream"] == true);
  CHECK_FALSE(body_of(options, chat()).contains("stream_options"));
}

TEST_CASE("hosts differ in names and take extra fields") {
  OpenAiOptions options = plain();
  options.seed_field = "random_seed";
  options.max_tokens_field = "max_completion_tokens";
  options.bare_reasoner = true;
  options.extra = R"({"reasoning_effort":"high"})";
  Prompt prompt = chat();
  prompt.sampling.seed = 1;
  prompt.sampling.temperature = 1;
  const json body = body_of(options, prompt);
  CHECK(body["random_seed"] == 1);
  CHECK(body["max_completion_tokens"] == 2048);
  CHECK(body["reasoning_effort"] == "high");
  CHECK_FALSE(body.contains("temperature"));
  CHECK_FALSE(body.contains("max_tokens"));
}

TEST_CASE("a parameter that the host does not take is refused, not dropped") {
  OpenAiOptions options = plain();
  options.top_k = options.logprobs = false;
  Prompt prompt = chat();
  CHECK(assay::request_body(options, prompt).refusal.empty());
  prompt.sampling.top_k = 5;
  CHECK_THAT(assay::request_body(options, prompt).refusal, Catch::Contains("top_k"));
  prompt.sampling.top_k = 0;
  prompt.sampling.top_logprobs = 0;
  CHECK_THAT(assay::request_body(options, prompt).refusal, Catch::Contains("log-prob"));
  options = plain();
  options.bare_reasoner = true;
  prompt.sampling = {.stop = {"x"}};
  CHECK_THAT(assay::request_body(options, prompt).refusal, Catch::Contains("stop"));
}

TEST_CASE("text that is not UTF-8 still makes a JSON body") {
  CHECK(body_of(plain(), {.text = "a\xFF"})["prompt"] == "a\xEF\xBF\xBD");
}
