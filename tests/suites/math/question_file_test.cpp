#include "suites/math/question_file.h"

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;
using Catch::Matchers::Contains;
using Catch::Matchers::EndsWith;

namespace {

std::vector<std::string> questions_of(const std::string& text) {
  const ScratchFile file(text);
  std::vector<std::string> found;
  for_each_json_row(file.path(), [&](const nlohmann::json& row, const RowPlace& place) {
    found.push_back(text_field(row, "question", place));
  });
  return found;
}

}  // namespace

TEST_CASE("a question file is read row by row, whatever ends its lines") {
  CHECK(questions_of("{\"question\":\"a\"}\n{\"question\":\"b\"}\n") ==
        std::vector<std::string>{"a", "b"});
  CHECK(questions_of("\xEF\xBB\xBF{\"question\":\"a\"}\r\n\r\n{\"question\":\"b\"}") ==
        std::vector<std::string>{"a", "b"});
  // U+2028 stands inside a string and ends nothing.
  CHECK(questions_of("{\"question\":\"a\xE2\x80\xA8z\"}\n") ==
        std::vector<std::string>{"a\xE2\x80\xA8z"});
}

TEST_CASE("a malformed row is named by file and line") {
  CHECK_THROWS_WITH(questions_of("{\"question\":\"a\"}\n{\"question\":\n"),
                    Contains(":2: parse error"));
  CHECK_THROWS_WITH(questions_of("\n[1]\n"), EndsWith(":2: is not a JSON object"));
  CHECK_THROWS_WITH(questions_of("{\"problem\":\"a\"}\n"),
                    EndsWith(":1: field 'question' is missing"));
  CHECK_THROWS_WITH(questions_of("{\"question\":7}\n"),
                    EndsWith(":1: field 'question' is number, not a string"));
  CHECK_THROWS_WITH(questions_of("{\"question\":\"\xFF\"}\n"), Contains(":1: parse error"));
  CHECK_THROWS_WITH(questions_of("\n\n"), EndsWith(": holds no questions"));
}

TEST_CASE("a file that is missing, or a folder, is a complaint of one line") {
  const auto ignore = [](const nlohmann::json&, const RowPlace&) {};
  CHECK_THROWS_AS(for_each_json_row("/nonexistent/file.jsonl", ignore), UserError);
  CHECK_THROWS_AS(for_each_json_row(ScratchFolder().path(), ignore), UserError);
}

TEST_CASE("tab-separated rows must have their columns") {
  const ScratchFile good("a b\t1\nc\t2\n");
  std::vector<std::string> seen;
  for_each_tsv_row(good.path(), 2, [&](const std::vector<std::string>& row, const RowPlace&) {
    seen.push_back(row[0] + "=" + row[1]);
  });
  CHECK(seen == std::vector<std::string>{"a b=1", "c=2"});

  const ScratchFile bad("a\t1\nb\n");
  CHECK_THROWS_WITH(
      for_each_tsv_row(bad.path(), 2, [](const std::vector<std::string>&, const RowPlace&) {}),
      EndsWith(":2: 1 columns where 2 are expected"));
}

TEST_CASE("numbers and lists of a row are read as they are written") {
  const nlohmann::json row = {{"n", 18}, {"t", "x"}, {"l", {"a", "b"}}, {"m", {1}}};
  CHECK(text_or_number_field(row, "n", "") == "18");
  CHECK(text_or_number_field(row, "t", "") == "x");
  CHECK(list_field(row, "l", "") == std::vector<std::string>{"a", "b"});
  CHECK_THROWS_WITH(list_field(row, "t", ""), "field 't' is string, not a list");
  CHECK_THROWS_WITH(list_field(row, "m", ""), "field 'm' holds number, not only strings");
  CHECK_THROWS_WITH(text_field(nlohmann::json(5), "n", ""), "a row has to be a JSON object");
}
