#include <sstream>

#include <nlohmann/json.hpp>

#include "reports/render.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("the JSON report holds scores, identity and what is unknown as null") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  const ReportOptions options;
  ReportContext context{.reader = reader, .options = options, .generated_at = 1};
  context.published =
      PublishedFigures(std::filesystem::path(ASSAY_SOURCE_DIR) / "data/published_baselines.csv");
  std::vector<RunAnalysis> analyses;
  for (const RunRecord& run : reader.runs()) {
    analyses.push_back(analyse_run(reader, run, {}));
  }
  std::ostringstream out;
  write_json(context, analyses, out);
  const nlohmann::json json = nlohmann::json::parse(out.str());
  CHECK(json["format"] == "assay-report");
  REQUIRE(json["runs"].size() == 2);
  const nlohmann::json& run = json["runs"][0];
  CHECK(run["run"]["sampling"]["temperature"] == 0.6);
  CHECK(run["run"]["finished_at"].is_null());
  CHECK(run["score"]["questions"] == 10);
  CHECK(run["score"]["interval"].size() == 2);
  CHECK(run["samples"]["failed"] == 4);
  CHECK(run["tags"]["level"].size() == 3);
  CHECK(run["published"].size() == 5);
  CHECK(run["machine"]["cores"] == 2);
  CHECK(json["runs"][1]["is_mock"] == true);
  CHECK(json["runs"][1]["consensus"].is_null());
  // Fewer than 368 answers: no interval for p99.
  CHECK(run["metrics"][0]["quantiles"][2]["interval"].is_null());
}
