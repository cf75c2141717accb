#include "backends/openai/json_text.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

namespace {

std::string written(std::string_view text) {
  std::string out;
  assay::append_json_string(out, text);
  return out;
}

}  // namespace

TEST_CASE("what is written as JSON reads back as the same text") {
  std::string all;
  for (int i = 0; i < 128; ++i) {
    all += static_cast<char>(i);
  }
  all += "\xC3\xA4 \xE4\xB8\xAD \xF0\x9F\x98\x80 \xED\x9F\xBF \xEE\x80\x80 \xF4\x8F\xBF\xBF";
  CHECK(nlohmann::json::parse(written(all)) == all);
  CHECK(written("") == "\"\"");
  CHECK(written("a\"\\\n") == R"("a\"\\\n")");
}

TEST_CASE("bytes that are not UTF-8 become the replacement character") {
  const std::string bad = "\xEF\xBF\xBD";
  CHECK(written("a\xFFz") == "\"a" + bad + "z\"");
  CHECK(assay::valid_utf8("\xC0\xAF") == bad + bad);            // overlong
  CHECK(assay::valid_utf8("\xED\xA0\x80") == bad + bad + bad);  // half of a surrogate pair
  CHECK(assay::valid_utf8("\xF4\x90\x80\x80").size() == 12);    // beyond U+10FFFF
  CHECK(assay::valid_utf8("\xE4\xB8") == bad + bad);            // cut off
}

TEST_CASE("only one whole JSON value within bounds is read") {
  CHECK(assay::parse_bounded("{\"a\":[1,\"]\\\"[\"]}").is_object());
  for (const std::string& text :
       {std::string(), std::string("{"), std::string("{} {}"), std::string("nul"),
        std::string("{\"a\":1e999}"), std::string("\"\xFF\""), std::string("\"\\ud800\""),
        std::string(65, '[') + std::string(65, ']'), std::string(1'000'000, '[')}) {
    INFO(text.substr(0, 20));
    CHECK(assay::parse_bounded(text).is_discarded());
  }
  CHECK(assay::parse_bounded(std::string(64, '[') + std::string(64, ']')).is_array());
}
