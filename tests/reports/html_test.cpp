#include <sstream>

#include "reports/html_data.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

std::string page_of(const MadeUpRuns& runs, std::size_t samples_shown, std::size_t text_bytes_max) {
  const Reader reader(runs.path());
  ReportOptions options;
  options.text_bytes_max = text_bytes_max;
  ReportContext context{.reader = reader, .options = options, .generated_at = 1};
  context.published =
      PublishedFigures(std::filesystem::path(ASSAY_SOURCE_DIR) / "data/published_baselines.csv");
  std::vector<RunAnalysis> analyses;
  for (const RunRecord& run : reader.runs()) {
    analyses.push_back(analyse_run(reader, run, {.samples_shown = samples_shown}));
  }
  std::ostringstream out;
  write_html(context, analyses, out);
  return out.str();
}

std::size_t count(std::string_view text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = text.find(what); at != std::string_view::npos;
       at = text.find(what, at + 1)) {
    ++found;
  }
  return found;
}

}  // namespace

TEST_CASE("model output becomes text, wherever the page shows it") {
  const MadeUpRuns runs;
  const std::string page = page_of(runs, 1000, 10'000);
  const std::string body = page.substr(page.find("<body>"));
  CHECK(count(page, "<img") == 0);
  CHECK(count(page, "document.title='owned'") == 0);
  CHECK(count(body, "&lt;/script&gt;&lt;script&gt;") > 10);
  CHECK(count(body, "<script") == 3);  // the data of the charts, Chart.js, and the page's own
  CHECK(count(page, "\x1B") == 0);
  CHECK(count(body, "{{model}}") > 0);  // text of a model, not a field of the template
}

TEST_CASE("the page says what it shows: runs, mock, failures, conflicting figures, what is cut") {
  const MadeUpRuns runs;
  const std::string page = page_of(runs, 10, 64);
  CHECK(count(page, "<details class=\"sample\"") == 20);
  CHECK_THAT(page, Catch::Contains("Showing 20 of 60 samples"));
  CHECK_THAT(page, Catch::Contains("Not a model."));
  CHECK_THAT(page, Catch::Contains("too many requests"));
  CHECK_THAT(page, Catch::Contains("[cut: 64 of "));
  CHECK_THAT(page, Catch::Contains("DeepSeek-V3-Base"));
  CHECK_THAT(page, Catch::Contains("0123456789abcdef mock:"));
  CHECK_THAT(page, Catch::Contains("lm-eval-flexible"));
  CHECK(page.find("@@") == std::string::npos);
}

TEST_CASE("the page loads nothing from anywhere") {
  const MadeUpRuns runs;
  const std::string page = page_of(runs, 10, 1000);
  CHECK(count(page, "<script src") == 0);
  CHECK(count(page, "<link") == 1);  // an empty icon, so that a browser asks for none
  CHECK_THAT(page, Catch::Contains("default-src 'none'"));
  CHECK(count(page, "@import") == 0);
}
