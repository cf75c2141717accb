#include "harness/grade.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/jsonl.h"
#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

nlohmann::json echo(const nlohmann::json& row) {
  if (!row.contains("answer")) {
    throw UserError("the row has no 'answer'");
  }
  return {{"id", row.at("id")}, {"correct", row.at("answer") == 4}};
}

}  // namespace

TEST_CASE("rows come out in the order they went in, over many chunks") {
  std::string text;
  for (int i = 0; i < 10'000; ++i) {
    text += R"({"id":)" + std::to_string(i) + R"(,"answer":4})" + "\n";
  }
  std::istringstream in(text);
  std::stringstream out;
  const GradeCounts counts = grade_rows(echo, in, "t.jsonl", out);
  CHECK(counts.rows == 10'000);
  CHECK(counts.bad == 0);
  JsonlReader reader(out, "out");
  int expected = 0;
  for (nlohmann::json row; reader.next(row); ++expected) {
    REQUIRE(row.at("id") == expected);
  }
  CHECK(expected == 10'000);
}

TEST_CASE("one bad line is one error row with its line number, and the rest is judged") {
  std::istringstream in(
      "{\"id\":\"a\",\"answer\":4}\n{oops\n\n{\"id\":\"b\"}\n[4]\n{\"id\":\"c\",\"answer\":5}");
  std::ostringstream out;
  const GradeCounts counts = grade_rows(echo, in, "t.jsonl", out);
  CHECK(counts.rows == 5);
  CHECK(counts.bad == 3);
  CHECK_THAT(out.str(),
             Catch::StartsWith("{\"correct\":true,\"id\":\"a\"}\n{\"error\":\"t.jsonl:2: "));
  CHECK_THAT(out.str(),
             Catch::Contains("{\"error\":\"the row has no 'answer'\",\"id\":\"b\",\"line\":4}\n"));
  CHECK_THAT(out.str(), Catch::EndsWith("{\"correct\":false,\"id\":\"c\"}\n"));
}
