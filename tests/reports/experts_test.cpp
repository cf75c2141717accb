#include "reports/experts.h"

#include <sstream>

#include "reports/html_data.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("the counts of answers add up, and those of another shape are left out") {
  ExpertLoad load;
  load.add(R"({"experts":[[],[1,0,3],[2,2,0]]})");
  load.add(R"({"experts":[[],[1,1,0],[0,2,0]],"flop":7})");
  CHECK(load.samples == 2);
  CHECK(load.layers == std::vector<std::vector<std::uint64_t>>{{}, {2, 1, 3}, {2, 4, 0}});
  for (const char* text : {R"({"experts":[[1,2]]})", R"({"experts":[[],[1,0,-3],[2,2,0]]})",
                           R"({"experts":7})", R"({"experts":[[],"x",[]]})"}) {
    load.add(text);
  }
  CHECK(load.samples == 2);
  CHECK(load.samples_left_out == 4);
  load.add("");
  load.add("{\"experts\":");
  load.add(R"({"waited_s":1})");
  CHECK(load.samples_left_out == 4);
}

TEST_CASE("balance tells an even load from one that a single expert carries") {
  const ExpertLoad load{.samples = 1, .layers = {{}, {25, 25, 25, 25}, {100, 0, 0, 0}, {0, 0}}};
  const auto balances = balance_of(load);
  REQUIRE(balances.size() == 2);
  CHECK(balances[0].layer == 1);
  CHECK(balances[0].max_over_mean == 1);
  CHECK(balances[0].variation == 0);
  CHECK(balances[0].entropy == Approx(1));
  CHECK(balances[0].variation_by_chance == Approx(0.17320508));
  CHECK(balances[1].max_over_mean == 4);
  CHECK(balances[1].variation == Approx(1.7320508));
  CHECK(balances[1].entropy == Approx(0).margin(1e-12));
  CHECK(balances[1].unused == 3);
}

TEST_CASE("overlap is 1 with oneself, 0 with strangers, and nothing with another model") {
  const ExpertLoad a{.samples = 1, .layers = {{}, {2, 2, 0, 0}, {1, 0, 0, 0}}};
  const ExpertLoad b{.samples = 1, .layers = {{}, {0, 0, 5, 5}, {9, 0, 0, 0}}};
  CHECK(overlap(a, a) == 1.0);
  CHECK(overlap(a, b) == 0.5);
  CHECK_FALSE(overlap(a, {.layers = {{1, 2}}}));
  CHECK_FALSE(overlap({}, {}));
}

TEST_CASE("a page shows the heat map of each run and what runs have in common") {
  const MadeUpRuns made_up;
  const Reader reader(made_up.path());
  std::vector<RunAnalysis> runs;
  for (const RunRecord& run : reader.runs()) {
    runs.push_back(analyse_run(reader, run, {}));
    CHECK_FALSE(runs.back().experts);  // no runs of the engine
  }
  REQUIRE(runs.size() == 2);
  const ReportOptions options;
  const ReportContext context{.reader = reader, .options = options, .generated_at = 1};
  std::ostringstream without;
  write_html(context, runs, without);
  CHECK(without.str().find("<h3>Experts</h3>") == std::string::npos);

  runs[0].experts = ExpertLoad{.samples = 3, .layers = {{}, {2, 2, 0, 0}}};
  runs[1].experts = ExpertLoad{.samples = 3, .layers = {{}, {2, 1, 1, 0}}};
  std::ostringstream page;
  write_html(context, runs, page);
  CHECK_THAT(page.str(), Catch::Contains("<h3>Experts</h3>"));
  CHECK_THAT(page.str(), Catch::Contains("viewBox=\"0 0 40 10\""));
  CHECK_THAT(page.str(), Catch::Contains("max-width: 128px"));  // four cells
  CHECK_THAT(page.str(), Catch::Contains("<span>expert 3</span>"));
  CHECK_THAT(page.str(), Catch::Contains("M20 0h9v9h-9zM30 0h9v9h-9z"));
  CHECK_THAT(page.str(), Catch::Contains("75.00"));  // min(.5, .5) + min(.5, .25)
  std::ostringstream markdown;
  write_markdown(context, runs, markdown);
  CHECK_THAT(markdown.str(), Catch::Contains("Busiest / mean"));
  std::ostringstream json;
  write_json(context, runs, json);
  CHECK_THAT(json.str(), Catch::Contains("\"max_over_mean\": 2.0"));
}
