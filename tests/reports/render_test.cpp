#include "reports/render.h"

#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("what is left out of a page is said, with numbers") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  std::vector<RunAnalysis> all = {analyse_run(reader, reader.run("1"), {.samples_shown = 1000})};
  CHECK(samples_rule(all) == "All 48 samples, wrong ones first.");
  all = {analyse_run(reader, reader.run("1"), {.samples_shown = 16})};
  CHECK_THAT(samples_rule(all),
             Catch::StartsWith("Showing 16 of 48 samples: 10 of 13 wrong, 2 of 4 "
                               "failed, 2 of 4 unscored, 2 of 27 right."));
}

TEST_CASE("a model without a price is said to have none") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  const ReportOptions options;
  ReportContext context{.reader = reader, .options = options};
  context.prices.add(std::filesystem::path(ASSAY_SOURCE_DIR) / "data/prices.csv");
  RunAnalysis run = analyse_run(reader, reader.run("1"), {});
  CHECK_THAT(price_note(context, run), Catch::Contains("api-docs.deepseek.com") &&
                                           Catch::Contains("until 2025-09-05") &&
                                           Catch::Contains("not counted): 4"));
  run.run.model = "engine:tiny";
  run.cost_usd.reset();
  CHECK_THAT(price_note(context, run), Catch::Contains("unknown"));
  run.run.model = "no colon";
  CHECK_THAT(price_note(context, run), Catch::Contains("unknown"));
}
