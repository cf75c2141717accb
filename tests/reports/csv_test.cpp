#include <sstream>

#include "reports/render.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

// RFC 4180, strictly: what a spreadsheet would see.
std::vector<std::vector<std::string>> parse(const std::string& text) {
  std::vector<std::vector<std::string>> rows(1, std::vector<std::string>(1));
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    std::string& cell = rows.back().back();
    const char c = text[at];
    if (quoted && c == '"' && text.compare(at, 2, "\"\"") == 0) {
      cell += '"';
      ++at;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (!quoted && c == ',') {
      rows.back().emplace_back();
    } else if (!quoted && text.compare(at, 2, "\r\n") == 0) {
      rows.emplace_back(1);
      ++at;
    } else {
      cell += c;
    }
  }
  rows.pop_back();
  return rows;
}

}  // namespace

TEST_CASE("every sample is one row of as many cells as the header") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  std::ostringstream out;
  write_csv(reader, reader.runs(), out);
  const auto rows = parse(out.str());
  REQUIRE(rows.size() == 1 + 48 + 12);
  for (const auto& row : rows) {
    REQUIRE(row.size() == rows[0].size());
    for (const std::string& cell : row) {
      CHECK_FALSE((!cell.empty() && std::string("=+@\t").find(cell[0]) != std::string::npos));
    }
  }
  CHECK(rows[0][5] == "question");
  CHECK(rows[1][5] == "q0");
  CHECK(rows[1][7] == "wrong");
  CHECK(rows[1][8] == "0");
  CHECK_THAT(rows[1][10], Catch::StartsWith("'=1+1 </script>"));
  CHECK(rows[13][7] == "failed");
  CHECK(rows[13][8].empty());
}
