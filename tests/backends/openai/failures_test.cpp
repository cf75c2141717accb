#include "backends/openai/failures.h"

#include "tests/catch.h"

using assay::Failure;
using assay::Trouble;
using assay::trouble_of_status;
using assay::WaitHeaders;

TEST_CASE("every status has one reaction") {
  struct Case {
    int status;
    Failure kind;
    bool again;
  };
  const Case cases[] = {{400, Failure::refused_input, false}, {401, Failure::refused_input, false},
                        {402, Failure::refused_input, false}, {403, Failure::refused_input, false},
                        {404, Failure::refused_input, false}, {413, Failure::refused_input, false},
                        {422, Failure::refused_input, false}, {408, Failure::disconnected, true},
                        {409, Failure::failed, true},         {425, Failure::overloaded, true},
                        {429, Failure::overloaded, true},     {500, Failure::failed, true},
                        {501, Failure::refused_input, false}, {502, Failure::failed, true},
                        {503, Failure::overloaded, true},     {504, Failure::failed, true},
                        {524, Failure::failed, true},         {529, Failure::overloaded, true},
                        {302, Failure::refused_input, false}};
  for (const Case& one : cases) {
    const Trouble trouble = trouble_of_status(one.status, R"({"error":{"message":"no"}})");
    INFO(one.status);
    CHECK(trouble.kind == one.kind);
    CHECK(trouble.try_again == one.again);
    CHECK_FALSE(trouble.content_filter);
    CHECK_THAT(trouble.message, Catch::StartsWith("HTTP " + std::to_string(one.status) + ": no"));
  }
}

TEST_CASE("a quota that is used up for good is not tried again") {
  const char* bodies[] = {
      R"({"error":{"message":"You exceeded your current quota","code":"insufficient_quota"}})",
      R"({"error":{"message":"Rate limit reached: requests per day, RPD"}})",
      R"({"error":{"message":"Insufficient Balance"}})"};
  for (const char* body : bodies) {
    CHECK(trouble_of_status(429, body).kind == Failure::refused_input);
    CHECK_FALSE(trouble_of_status(429, body).try_again);
  }
  CHECK(trouble_of_status(429, R"({"error":{"message":"requests per minute"}})").try_again);
}

TEST_CASE("a host that withholds an answer is recognised") {
  const char* bodies[] = {
      R"({"error":{"code":"content_filter","message":"filtered"}})",
      R"({"error":{"code":"x","innererror":{"code":"ResponsibleAIPolicyViolation"}}})",
      R"({"error":{"message":"Content Exists Risk","type":"invalid_request_error"}})",
      R"({"code":"data_inspection_failed","message":"..."})",
      R"({"error":{"code":"1301","message":"..."}})",
      R"({"error":{"code":400,"message":"The request was rejected because it was considered high risk",
          "param":"prompt","type":"content_filter"}})",
      R"({"error":{"code":"data_inspection_failed","param":null,"type":"data_inspection_failed",
          "message":"Input data may contain inappropriate content."}})",
      R"({"code":"DataInspectionFailed","message":"Output data may contain inappropriate content."})",
      R"({"error":{"message":"<400> InternalError.Algo.DataInspectionFailed: Input text data ..."}})",
      R"({"error":{"code":"invalid_prompt","message":"Invalid prompt: we've limited access to this content for safety reasons."}})",
      R"({"error":{"message":"Provider returned error","code":400,"metadata":{"raw":"{\"error\":{\"message\":\"Content Exists Risk\"}}"}}})",
      R"({"error":{"code":"prohibited_content","message":"blocked"}})",
      R"({"contentFilter":[{"level":1,"role":"user"}],"error":{"code":"1301","message":"x"}})"};
  for (const char* body : bodies) {
    INFO(body);
    CHECK(trouble_of_status(400, body).content_filter);
    CHECK_FALSE(trouble_of_status(400, body).try_again);
    CHECK_FALSE(trouble_of_status(500, body).content_filter);
  }
  CHECK(
      trouble_of_status(403, R"({"error":{"message":"flagged","metadata":{"flagged_input":"x"}}})")
          .content_filter);
  CHECK_FALSE(
      trouble_of_status(400, R"({"error":{"message":"max_tokens is too large"}})").content_filter);
  CHECK_FALSE(
      trouble_of_status(400, R"({"error":{"code":"13011","message":"no"}})").content_filter);
  CHECK_FALSE(
      trouble_of_status(400, R"({"error":{"code":"invalid_prompt","message":"no messages"}})")
          .content_filter);
}

TEST_CASE("whatever the body is, the message is one printable line") {
  CHECK(trouble_of_status(502, "<html>\r\n<b>Bad\tGateway</b>\n").message ==
        "HTTP 502: <html> <b>Bad Gateway</b>");
  CHECK(trouble_of_status(500, "").message == "HTTP 500");
  CHECK(trouble_of_status(500, R"({"error":"plain"})").message == "HTTP 500: plain");
  CHECK(trouble_of_status(422, R"({"detail":"field required"})").message ==
        "HTTP 422: field required");
  CHECK(trouble_of_status(500, R"([1,2])").message == "HTTP 500: [1,2]");
  CHECK(trouble_of_status(500, R"({"error":{"message":17,"code":null}})").message ==
        "HTTP 500: 17");
  CHECK(trouble_of_status(500, std::string(5000, 'x')).message.size() < 350);
  CHECK(trouble_of_status(500, std::string(100000, '[')).message.size() < 350);
}

TEST_CASE("an error within a stream is read by the status in its code") {
  CHECK(assay::trouble_of_error_text(R"({"error":{"message":"busy","code":503}})").kind ==
        Failure::overloaded);
  CHECK(assay::trouble_of_error_text(R"({"error":{"message":"busy","code":429}})").kind ==
        Failure::overloaded);
  CHECK(assay::trouble_of_error_text(R"({"error":{"message":"oops"}})").kind == Failure::failed);
  CHECK(assay::trouble_of_error_text(R"({"error":"oops"})").try_again);
}

TEST_CASE("Retry-After is seconds, a fraction of them, or a date") {
  CHECK(assay::asked_wait({.retry_after = "7"}, 0) == 7);
  CHECK(assay::asked_wait({.retry_after = "0.25"}, 0) == 0.25);
  CHECK(assay::asked_wait({.retry_after = "9", .retry_after_ms = "250"}, 0) == 0.25);
  // 784111777 is the example of RFC 9110, 5.6.7.
  CHECK(assay::asked_wait({.retry_after = "Sun, 06 Nov 1994 08:49:37 GMT"}, 784111770) == 7);
  CHECK(assay::asked_wait({.retry_after = "Sun, 06 Nov 1994 08:49:37 GMT"}, 784111999) == 0);
  CHECK_FALSE(assay::asked_wait({.retry_after = "soon"}, 0));
  CHECK_FALSE(assay::asked_wait({.retry_after = "-5"}, 0));
  CHECK_FALSE(assay::asked_wait({.retry_after = "nan"}, 0));
  CHECK_FALSE(assay::asked_wait({}, 0));
}

TEST_CASE("rate-limit headers say when a used-up quota is filled again") {
  const WaitHeaders used{.remaining_requests = "0",
                         .reset_requests = "1m30s",
                         .remaining_tokens = "5",
                         .reset_tokens = "6m0s"};
  CHECK(assay::used_up_for_s(used) == 90);
  CHECK(assay::asked_wait(used, 0) == 90);
  CHECK(assay::used_up_for_s({.remaining_requests = "3", .reset_requests = "9s"}) == 0);
}

TEST_CASE("durations are read as hosts write them") {
  CHECK(assay::parse_duration_s("20ms") == 0.02);
  CHECK(assay::parse_duration_s("1.5s") == 1.5);
  CHECK(assay::parse_duration_s("6m0s") == 360);
  CHECK(assay::parse_duration_s("1h2m3s") == 3723);
  CHECK(assay::parse_duration_s("12") == 12);
  for (const char* wrong : {"", "s", "1x", "1..2s", "-1s", "1s s", "1e5s"}) {
    INFO(wrong);
    CHECK_FALSE(assay::parse_duration_s(wrong));
  }
}
