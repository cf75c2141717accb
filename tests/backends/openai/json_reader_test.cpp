#include "backends/openai/json_reader.h"

#include <string>
#include <vector>

#include "tests/catch.h"

using assay::JsonKind;
using assay::JsonReader;

namespace {

bool accepts(const std::string& text) {
  JsonReader reader(text);
  reader.skip();
  return reader.finish();
}

}  // namespace

TEST_CASE("members and elements are read, and what is not read is skipped") {
  const std::string text =
      R"( {"a" : [1, -2.5e1, {"x":[[]]}] , "s":"x\n\u00e4\ud83d\ude00", "k\"\u0041":7} )";
  JsonReader reader(text);
  std::vector<double> numbers;
  std::string s;
  double seven = 0;
  CHECK(reader.object([&](std::string_view key) {
    if (key == "a") {
      reader.array([&] {
        double value = 0;
        if (reader.number(value)) {
          numbers.push_back(value);
        }
      });
    } else if (key == "s") {
      reader.string(s);
    } else if (key == "k\"A") {
      reader.number(seven);
    }
  }));
  CHECK(reader.finish());
  CHECK(numbers == std::vector<double>{1, -25});
  CHECK(s == "x\n\xC3\xA4\xF0\x9F\x98\x80");
  CHECK(seven == 7);
}

TEST_CASE("a value of another kind is left where it is") {
  JsonReader reader("17");
  std::string text;
  CHECK_FALSE(reader.string(text));
  CHECK_FALSE(reader.null());
  CHECK_FALSE(reader.object([](std::string_view) {}));
  CHECK(reader.kind() == JsonKind::number);
  double value = 0;
  CHECK(reader.number(value));
  CHECK(value == 17);
  CHECK(reader.finish());
}

TEST_CASE("only JSON is accepted") {
  for (const char* text : {"0", "-0", "1.5", "1e5", "1E-5", "\"\"", "true", "false", "null", "[]",
                           "{}", " [ 1 , 2 ] ", "{\"\":{}}", "\"\\u0000\"", "\xEF\xBB\xBF[]"}) {
    INFO(text);
    CHECK(accepts(text));
  }
  for (const char* text : {"",
                           " ",
                           "01",
                           "1.",
                           ".5",
                           "-",
                           "+1",
                           "1e",
                           "tru",
                           "nulll",
                           "[",
                           "]",
                           "[1",
                           "[1,]",
                           "[,1]",
                           "[1 2]",
                           "{",
                           "{\"a\"}",
                           "{\"a\":}",
                           "{\"a\":1,}",
                           "{a:1}",
                           "{1:1}",
                           "\"",
                           "\"\\",
                           "\"\\x\"",
                           "\"\\u12\"",
                           "\"\\u12g4\"",
                           "\"\\ud800\"",
                           "\"\\ud800\\u0041\"",
                           "\"\\udc00\"",
                           "\"\n\"",
                           "\"\xFF\"",
                           "\"\xC3\"",
                           "{} {}",
                           "1 1",
                           "'a'",
                           "NaN"}) {
    INFO(text);
    CHECK_FALSE(accepts(text));
  }
}

TEST_CASE("nesting is bounded") {
  CHECK(accepts(std::string(64, '[') + std::string(64, ']')));
  CHECK_FALSE(accepts(std::string(65, '[') + std::string(65, ']')));
  CHECK_FALSE(accepts(std::string(1'000'000, '[')));
}

TEST_CASE("a number beyond a double's range is no reason to fail") {
  JsonReader reader("[1e999]");
  double value = 1;
  reader.array([&] { CHECK(reader.number(value)); });
  CHECK(value == 0);
  CHECK(reader.finish());
}
