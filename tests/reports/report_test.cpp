#include "reports/report.h"

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes
namespace fs = std::filesystem;

namespace {

ReportOptions options_for(const std::string& out) {
  return {.db = "runs.db",
          .out = out,
          .published = fs::path(ASSAY_SOURCE_DIR) / "data/published_baselines.csv",
          .prices = {fs::path(ASSAY_SOURCE_DIR) / "data/prices.csv"},
          .program = "assay 0.1.0 <test>",
          .generated_at = 1'760'000'000};
}

std::string content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

std::size_t files_in(const fs::path& folder) {
  return static_cast<std::size_t>(
      std::distance(fs::directory_iterator(folder), fs::directory_iterator()));
}

}  // namespace

TEST_CASE("a report is written whole or not at all, and leaves nothing beside it") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  const std::string out = runs.out("r.html");
  write_report_file(reader, options_for(out));
  CHECK(content_of(out).ends_with("</html>\n"));
  const std::size_t files = files_in(fs::path(out).parent_path());
  ReportOptions unknown = options_for(out);
  unknown.runs = {"weekly"};
  CHECK_THROWS_AS(write_report_file(reader, unknown), UserError);
  CHECK(files_in(fs::path(out).parent_path()) == files);
  CHECK(content_of(out).ends_with("</html>\n"));
}

TEST_CASE("an ending that is no format, and a folder that is not there, get one clear line") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  CHECK_THROWS_WITH(write_report_file(reader, options_for(runs.out("r.pdf"))),
                    Catch::Contains(".html, .md, .csv or .json"));
  CHECK_THROWS_WITH(write_report_file(reader, options_for(runs.out("nowhere/r.md"))),
                    Catch::Contains("cannot write"));
  CHECK_THROWS_AS(write_report_file(reader, options_for("/dev/full/r.md")), UserError);
}

TEST_CASE("a report of named runs holds those alone") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  ReportOptions options = options_for("r.md");
  options.runs = {"2"};
  std::ostringstream out;
  write_report(reader, options, out);
  CHECK(out.str().find("## Run 2") != std::string::npos);
  CHECK(out.str().find("## Run 1") == std::string::npos);
}

// Run by page_test.py, which opens the page in a browser.
TEST_CASE("the page for the browser test", "[.page]") {
  const char* out = std::getenv("ASSAY_PAGE_OUT");  // NOLINT(concurrency-mt-unsafe)
  REQUIRE(out != nullptr);
  const MadeUpRuns runs;
  write_report_file(Reader(runs.path()), options_for(out));
}
