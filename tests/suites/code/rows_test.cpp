#include "suites/code/rows.h"

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;

namespace {

std::string message_of(const std::string& text) {
  try {
    read_rows(ScratchFile(text).path());
  } catch (const UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("rows are lines or one array, and a fault is named with its line") {
  CHECK(read_rows(ScratchFile("{\"a\":1}\n\n{\"a\":2}").path()).size() == 2);
  CHECK(read_rows(ScratchFile(" [{\"a\":1},{\"a\":2},{\"a\":3}]").path()).size() == 3);
  CHECK(message_of("{}\n{\"a\":").find(":2:") != std::string::npos);
  CHECK(message_of("").find("no questions") != std::string::npos);
  CHECK(message_of("3").find(":1:") != std::string::npos);
  CHECK_THROWS_AS(read_rows("/nonexistent/rows"), UserError);
  CHECK_THROWS_AS(read_rows("/tmp"), UserError);
}

TEST_CASE("a missing field is named") {
  const auto rows = read_rows(ScratchFile("{\"a\":1}\n").path());
  CHECK_THROWS_AS(require_fields(rows, "x", {"a", "b"}), UserError);
  CHECK_NOTHROW(require_fields(rows, "x", {"a"}));
}
