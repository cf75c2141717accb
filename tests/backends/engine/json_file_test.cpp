#include "backends/engine/json_file.h"

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;
using namespace assay::engine;
using Catch::Matchers::Contains;

TEST_CASE("a name out of a file is shown on one line, in ASCII and not at length") {
  CHECK(shown("plain") == "\"plain\"");
  CHECK(shown("a\"b\n\x1b") == "\"a\\\"b\\n\\u001b\"");
  CHECK(shown("\xff") == "\"\\ufffd\"");
  CHECK(shown(std::string(100'000, 'x')).size() < 130);
}

TEST_CASE("what is no JSON, or repeats a key, is refused with its place") {
  CHECK(parse_json("{\"a\":[1,{\"a\":2}],\"b\":{\"a\":3}}", "f")["b"]["a"] == 3);
  CHECK_THROWS_WITH(parse_json("{\n\n\"a\" 1}", "f"), Contains("f:3: not JSON"));
  CHECK_THROWS_WITH(parse_json("", "f"), Contains("f:1: not JSON"));
  CHECK_THROWS_WITH(parse_json("{\"a\":1e999}", "f"), Contains("out of range"));
  CHECK_THROWS_WITH(parse_json("[{\"a\":{\"x\":1,\"y\":2,\"x\":3}}]", "f"),
                    Contains("repeats the key \"x\""));
  CHECK_THROWS_WITH(parse_json(std::string(70, '['), "f"), Contains("deeper than"));
}

TEST_CASE("files are read whole, within a bound") {
  const ScratchFolder folder;
  folder.write("f", "12345");
  CHECK(read_file(folder.path() / "f", 5) == "12345");
  CHECK_THROWS_WITH(read_file(folder.path() / "f", 4), Contains("larger than 4 bytes"));
  CHECK_THROWS_WITH(read_file(folder.path(), 4), Contains("no regular file"));
  CHECK_THROWS_WITH(read_file(folder.path() / "none", 4), Contains("No such file"));
  CHECK_THROWS_WITH(read_json_object(folder.path() / "f", 5), Contains("one JSON object"));
}
