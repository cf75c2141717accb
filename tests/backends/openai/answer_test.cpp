#include "backends/openai/answer.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using assay::AnswerReader;
using assay::Failure;
using assay::Finish;
using assay::Response;
using assay::Trouble;

namespace {

struct Result {
  bool answered = false;
  Response response;
  Trouble trouble;
};

Result whole(const std::string& body, assay::AnswerForm form = {}) {
  AnswerReader reader;
  reader.reset(form);
  reader.whole(body);
  Result result;
  result.answered = reader.finish(result.response, result.trouble);
  return result;
}

// Events that arrive a second apart, the first after one second.
Result stream(const std::vector<std::string>& events, assay::AnswerForm form = {}) {
  AnswerReader reader;
  reader.reset(form);
  double at_s = 0;
  for (const std::string& event : events) {
    reader.event(event, ++at_s);
  }
  Result result;
  result.answered = reader.finish(result.response, result.trouble);
  return result;
}

std::string message(const std::string& fields, const std::string& finish = "\"stop\"") {
  return R"({"choices":[{"index":0,"message":{)" + fields + R"(},"finish_reason":)" + finish +
         "}]}";
}

std::string delta(const std::string& fields, const std::string& finish = "null") {
  return R"({"choices":[{"index":0,"delta":{)" + fields + R"(},"finish_reason":)" + finish + "}]}";
}

std::string content(const std::string& text) {
  return delta("\"content\":\"" + text + "\"");
}

}  // namespace

TEST_CASE("an answer has its text, reasoning, usage and finish") {
  const Result result = whole(R"({"model":"r1","choices":[{"index":0,"finish_reason":"length",
    "message":{"role":"assistant","content":"4","reasoning_content":"2 and 2"}}],
    "usage":{"prompt_tokens":5,"completion_tokens":9,"completion_tokens_details":{"reasoning_tokens":7},
    "prompt_tokens_details":{"cached_tokens":3}}})");
  REQUIRE(result.answered);
  CHECK(result.response.text == "4");
  CHECK(result.response.reasoning == "2 and 2");
  CHECK(result.response.finish == Finish::length);
  CHECK(result.response.served_model == "r1");
  CHECK(result.response.usage.prompt_tokens == 5);
  CHECK(result.response.usage.completion_tokens == 9);
  CHECK(result.response.usage.reasoning_tokens == 7);
  CHECK(result.response.usage.cached_tokens == 3);
}

TEST_CASE("DeepSeek's and OpenRouter's own names are known") {
  const Result result = whole(R"({"choices":[{"message":{"content":"a","reasoning":"b"},
    "finish_reason":"stop"}],"usage":{"prompt_cache_hit_tokens":64}})");
  CHECK(result.response.reasoning == "b");
  CHECK(result.response.usage.cached_tokens == 64);
  CHECK_FALSE(result.response.usage.completion_tokens.has_value());
}

TEST_CASE("thinking within the text is reasoning") {
  CHECK(whole(message(R"("content":"<think>\nhm\n</think>\n\n4")")).response.text == "4");
  CHECK(whole(message(R"("content":"<think>\nhm\n</think>\n\n4")")).response.reasoning == "hm");
  CHECK(whole(message(R"("content":"hm</think>4")")).response.reasoning == "hm");
  CHECK(whole(message(R"("content":"hm</think>4")")).response.text == "4");
  const Result cut = whole(message(R"("content":"<think>still")", "\"length\""));
  CHECK(cut.response.text.empty());
  CHECK(cut.response.reasoning == "still");
  CHECK(whole(message(R"("content":"a <think> b")")).response.text == "a <think> b");
  const std::string kept = R"("content":"<think>hm</think>4")";
  CHECK(whole(message(kept), {.split_think = false}).response.text == "<think>hm</think>4");
}

TEST_CASE("content may be null or a list of parts") {
  CHECK(whole(message(R"("content":null,"reasoning_content":"r")")).answered);
  CHECK(whole(message(R"("content":[{"type":"text","text":"a"},{"type":"text","text":"b"}])"))
            .response.text == "ab");
  const Result mistral = whole(message(
      R"("content":[{"type":"thinking","thinking":[{"type":"text","text":"t"}]},{"type":"text","text":"b"}])"));
  CHECK(mistral.response.text == "b");
  CHECK(mistral.response.reasoning == "t");
  CHECK(whole(message(R"("content":null,"refusal":"I cannot.")")).response.text == "I cannot.");
}

TEST_CASE("what is malformed or of the wrong type is a failure and never an answer") {
  const std::string bodies[] = {"",
                                "null",
                                "[]",
                                "17",
                                "\"text\"",
                                "{",
                                "{}",
                                R"({"choices":null})",
                                R"({"choices":[]})",
                                R"({"choices":{}})",
                                R"({"choices":[null]})",
                                R"({"choices":[{}]})",
                                R"({"choices":[{"message":null}]})",
                                R"({"choices":[{"message":[]}]})",
                                message(R"("content":17)"),
                                message(R"("content":{})"),
                                message(R"("content":[17])"),
                                message(R"("content":[{"text":17}])"),
                                message(R"("content":"a","reasoning_content":[])"),
                                message(R"("content":"a")", "17"),
                                R"({"choices":[{"text":17}]})",
                                message(R"("content":"a")") + "x",
                                message("\"content\":\"\xFF\"")};
  for (const std::string& body : bodies) {
    INFO(body);
    const Result result = whole(body);
    CHECK_FALSE(result.answered);
    CHECK(result.trouble.kind == Failure::failed);
    CHECK(result.trouble.try_again);
    CHECK_FALSE(result.trouble.message.empty());
  }
}

TEST_CASE("wrong types where nothing depends on them are overlooked") {
  const Result result = whole(
      R"({"model":5,"usage":{"prompt_tokens":"x","completion_tokens":-1,"completion_tokens_details":3},
      "choices":[{"message":{"content":"a"},"finish_reason":null,"logprobs":{"content":[1,{}]}}]})");
  REQUIRE(result.answered);
  CHECK(result.response.text == "a");
  CHECK(result.response.finish == Finish::stop);
  CHECK_FALSE(result.response.usage.prompt_tokens.has_value());
  CHECK(result.response.logprobs.empty());
}

TEST_CASE("an error with status 200 is a failure of its kind") {
  CHECK(whole(R"({"error":{"message":"busy","code":429}})").trouble.kind == Failure::overloaded);
  CHECK(stream({content("a"), R"({"error":{"message":"busy","code":503}})"}).trouble.kind ==
        Failure::overloaded);
  CHECK(whole(R"({"error":{"message":"Content Exists Risk"}})").trouble.content_filter);
}

TEST_CASE("finish reasons of all hosts are understood") {
  CHECK(whole(message(R"("content":"")", "\"content_filter\"")).response.finish ==
        Finish::content_filter);
  for (const char* reason :
       {"\"sensitive\"", "\"SAFETY\"", "\"content_filter: PROHIBITED_CONTENT\"", "\"refusal\"",
        "\"blocklist\""}) {
    CHECK(whole(message(R"("content":"")", reason)).response.finish == Finish::content_filter);
  }
  CHECK(whole(message(R"("content":"a")", "\"eos\"")).response.finish == Finish::stop);
  CHECK(whole(message(R"("content":"a")", "\"max_tokens\"")).response.finish == Finish::length);
  CHECK_FALSE(whole(message(R"("content":"a")", "\"abort\"")).answered);
  CHECK(whole(message(R"("content":"a")", "\"insufficient_system_resource\"")).trouble.kind ==
        Failure::overloaded);
}

TEST_CASE("a stream is put together, with its times") {
  const Result result = stream(
      {delta(R"("role":"assistant","content":"")"), delta(R"("reasoning_content":"h")"),
       delta(R"("reasoning_content":"m")"), content("4"), content("2"), delta("", "\"stop\""),
       R"({"choices":[],"usage":{"completion_tokens":4}})", "[DONE]"});
  REQUIRE(result.answered);
  CHECK(result.response.text == "42");
  CHECK(result.response.reasoning == "hm");
  CHECK(result.response.timings.ttft_s == 2);
  CHECK(result.response.timings.first_answer_s == 4);
  CHECK(result.response.usage.completion_tokens == 4);
}

TEST_CASE("the first word of the answer is the first after the thinking") {
  CHECK(stream({content("<th"), content("ink>"), content("hm"), content("</thi"), content("nk>"),
                content("\\n"), content("4"), "[DONE]"})
            .response.timings.first_answer_s == 7);
  CHECK(stream({content("hm"), content("</think>4"), "[DONE]"}).response.timings.first_answer_s ==
        2);
  CHECK(stream({content("<think>hm"), "[DONE]"}).response.timings.first_answer_s == std::nullopt);
  CHECK(stream({content("\\n"), content("4"), "[DONE]"}).response.timings.first_answer_s == 2);
}

TEST_CASE("a stream that ends early is no answer") {
  const Result cut = stream({content("The answer is")});
  CHECK_FALSE(cut.answered);
  CHECK(cut.trouble.kind == Failure::disconnected);
  CHECK(stream({content("x"), delta("", "\"stop\"")}).answered);  // only [DONE] is missing
  CHECK_FALSE(stream({"[DONE]"}).answered);
  CHECK_FALSE(stream({}).answered);
  CHECK_FALSE(stream({content("a"), "{\"choices\"", "[DONE]"}).answered);
  CHECK_FALSE(stream({content("a"), R"({"choices":[{"delta":3}]})", "[DONE]"}).answered);
}

TEST_CASE("log-probabilities of both endpoints are read") {
  const Result chat = whole(R"({"choices":[{"message":{"content":"a"},"finish_reason":"stop",
    "logprobs":{"content":[{"token":"a","logprob":-0.5,"top_logprobs":[{"token":"a","logprob":-0.5},
    {"token":"b","logprob":-1.5}]}]}}]})");
  REQUIRE(chat.response.logprobs.size() == 1);
  CHECK(chat.response.logprobs[0].logprob == -0.5);
  CHECK(chat.response.logprobs[0].top[1] == std::pair<std::string, double>("b", -1.5));
  const Result plain = whole(R"({"choices":[{"text":"ab","finish_reason":"stop","logprobs":{
    "tokens":["a","b"],"token_logprobs":[null,-2.0],"top_logprobs":[null,{"b":-2.0}]}}]})",
                             {.chat = false});
  REQUIRE(plain.response.logprobs.size() == 1);
  CHECK(plain.response.logprobs[0].token == "b");
  CHECK(plain.response.logprobs[0].top.size() == 1);
}

TEST_CASE("only the first of several choices counts") {
  CHECK(whole(R"({"choices":[{"index":1,"message":{"content":"b"}},
    {"index":0,"message":{"content":"a"},"finish_reason":"stop"}]})")
            .response.text == "a");
}
