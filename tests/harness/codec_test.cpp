#include "harness/codec.h"

#include <stdexcept>

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

TEST_CASE("what is written as JSON is read back the same") {
  const Sampling sampling{
      .temperature = 0.6, .top_p = 0.95, .max_tokens = 7, .stop = {"\n", "é"}, .seed = 1ULL << 63U};
  CHECK(parse_sampling(to_json(sampling)) == sampling);

  Prompt chat;
  chat.messages = {{Role::system, "be brief"}, {Role::user, "2+2?\n\"quoted\""}};
  CHECK(parse_body(body_json(chat)).messages == chat.messages);
  Prompt text;
  text.text = "Once";
  CHECK(parse_body(body_json(text)).text == "Once");
  Prompt tokens;
  tokens.tokens = {1, 2, 3};
  CHECK(parse_body(body_json(tokens)).tokens == tokens.tokens);

  const std::vector<Reading> readings = {{"strict", 1.0, "18"}, {"flexible", std::nullopt, ""}};
  const std::vector<Reading> read = parse_readings(to_json(readings));
  REQUIRE(read.size() == 2);
  CHECK(read[0].value == 1.0);
  CHECK_FALSE(read[1].value.has_value());
  CHECK(parse_logprobs(to_json(std::vector<TokenLogprob>{{"a", -0.5, {{"b", -1.5}}}}))[0]
            .top[0]
            .first == "b");
  CHECK(parse_logprobs("").empty());
}

TEST_CASE("text that is not of its form is refused with one line") {
  CHECK_THROWS_AS(parse_sampling("{"), std::invalid_argument);
  CHECK_THROWS_AS(parse_sampling("{}"), std::invalid_argument);
  CHECK_THROWS_AS(parse_tags("[1]"), std::invalid_argument);
  CHECK_THROWS_AS(parse_finish("stopped"), std::invalid_argument);
}

TEST_CASE("invalid UTF-8 is replaced byte by byte and valid text is kept") {
  const std::string replacement = "\xEF\xBF\xBD";
  CHECK(clean_utf8("naïve 中文 🙂") == "naïve 中文 🙂");
  CHECK(clean_utf8("a\xFFz") == "a" + replacement + "z");
  CHECK(clean_utf8("\xC0\xAF") == replacement + replacement);
  CHECK(clean_utf8("\xED\xA0\x80") == replacement + replacement + replacement);
  CHECK(clean_utf8("\xF4\x90\x80\x80").size() == 4 * replacement.size());
  CHECK(clean_utf8("ab\xE4\xB8") == "ab" + replacement + replacement);
  CHECK(clean_utf8(std::string("a\0b", 3)) == std::string("a\0b", 3));
}

TEST_CASE("a cut never splits a character") {
  CHECK(clean_utf8("ab中", 4) == "ab");
  CHECK(clean_utf8("ab中", 5) == "ab中");
}
