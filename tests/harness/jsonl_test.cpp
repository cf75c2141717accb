#include "harness/jsonl.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"

using assay::JsonlReader;
using assay::UserError;

namespace {

std::vector<std::string> lines_of(const std::string& text) {
  std::istringstream in(text);
  JsonlReader reader(in, "t.jsonl");
  std::vector<std::string> lines;
  for (std::string line; reader.next_line(line);) {
    lines.push_back(line);
  }
  return lines;
}

void parse_only(const std::string& text) {
  std::istringstream in(text);
  JsonlReader reader(in, "t.jsonl");
  for (nlohmann::json object; reader.next(object);) {
  }
}

}  // namespace

TEST_CASE("lines end with LF alone; CR, byte-order mark and empty lines are forgiven") {
  CHECK(lines_of("\xEF\xBB\xBF{}\r\n\n  \n{\"a\":1}") ==
        std::vector<std::string>{"{}", "{\"a\":1}"});
  CHECK(lines_of("{\"a\":\"x\u2028y\u0085z\"}\n").size() == 1);
  CHECK(lines_of("").empty());
  CHECK(lines_of("\n\n").empty());
}

TEST_CASE("a bad line is named by file and line, counting empty ones") {
  CHECK_THROWS_WITH(parse_only("{}\n\n{oops}\n"), Catch::StartsWith("t.jsonl:3: "));
  CHECK_THROWS_WITH(parse_only("[1]\n"), Catch::Contains("not a JSON object"));
  CHECK_THROWS_AS(parse_only("{\"a\":\"\xFF\"}\n"), UserError);
  CHECK_THROWS_AS(parse_only(std::string("{\"a\":\0}", 7)), UserError);
  CHECK_THROWS_WITH(parse_only("{\"a\":" + std::string(100'000, '[')),
                    Catch::Contains("nested deeper"));
}

TEST_CASE("after a line that is too long the reader goes on with the next") {
  std::istringstream in(std::string(JsonlReader::line_bytes_max + 1, 'x') + "\n{}\n");
  JsonlReader reader(in, "t.jsonl");
  std::string line;
  CHECK_THROWS_WITH(reader.next_line(line),
                    Catch::Contains("t.jsonl:1: the line is longer than 64 MiB"));
  CHECK(reader.next_line(line));
  CHECK(line == "{}");
}
