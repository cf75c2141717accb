#include "reports/analysis.h"

#include <fmt/core.h>

#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

RunAnalysis analyse(const std::string& run) {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  return analyse_run(reader, reader.run(run), {.samples_shown = 1000});
}

}  // namespace

TEST_CASE("failed and unjudged samples are counted apart from wrong ones") {
  const RunAnalysis run = analyse("1");
  CHECK(run.samples_expected == 48);
  CHECK(run.samples == 48);
  CHECK(run.failed == 4);
  CHECK(run.unscored == 4);
  CHECK(run.retried == 4);
  CHECK(run.failures.at("overloaded") == 4);
  CHECK(run.finishes.at("length") == 4);
  CHECK(run.labels.at("undecided") == 4);
  CHECK(run.score.mean->questions == 10);
  CHECK(run.score.mean->samples == 40);
  CHECK(run.score.questions_unscored == 2);
  CHECK(run.score.samples_unscored == 8);
  CHECK_FALSE(run.is_mock());
  CHECK(analyse("2").is_mock());
}

TEST_CASE("the score is the mean over questions, and pass@k and consensus stand beside it") {
  const RunAnalysis run = analyse("1");
  // (position + index) % 3 == 0 is wrong: of 4 samples 2 are wrong where position % 3 == 0, else 1.
  // Scored positions: 0 6 9 (2 of 4 right), 1 2 4 5 8 10 11 (3 of 4 right).
  CHECK(run.score.mean->mean == Approx((3 * 0.5 + 7 * 0.75) / 10));
  REQUIRE(run.score.pass_at.size() == 2);
  CHECK(run.score.pass_at[0].score->mean == Approx(run.score.mean->mean));
  CHECK(run.score.pass_at[1].score->mean == 1);
  CHECK(run.score.consensus->mean == Approx((3 * 0.5 + 7) / 10));
}

TEST_CASE("other conventions are scored over the same answers") {
  const RunAnalysis run = analyse("1");
  REQUIRE(run.readings.size() == 2);
  CHECK(run.readings[0].convention == "lm-eval-strict");
  CHECK(run.readings[0].score->mean == Approx(run.score.mean->mean));
  CHECK(run.readings[0].only_right_here == 0);
  CHECK(run.readings[1].score->mean == 1);
  CHECK(run.readings[1].only_right_here == 13);
  CHECK(run.readings[1].only_right_there == 0);
}

TEST_CASE("groups of questions are scored by their tags") {
  const RunAnalysis run = analyse("1");
  const auto& levels = run.tags.at("level");
  REQUIRE(levels.size() == 3);
  CHECK(levels[0].value == "0");
  CHECK(levels[0].score->mean == Approx(0.5));
  CHECK(levels[0].score->questions == 3);
  CHECK(levels[0].questions_unscored == 1);
  CHECK(levels[1].score->mean == Approx(0.75));
}

TEST_CASE("times and tokens are those of answers alone") {
  const RunAnalysis run = analyse("1");
  CHECK(run.times[0].name == "Latency");
  CHECK(run.times[0].n == 44);
  CHECK(run.tokens[2].n == 44);
  CHECK(run.tokens[1].sum == 44 * 64);
  std::int64_t in_bins = 0;
  for (const std::int64_t count : run.times[0].bins) {
    in_bins += count;
  }
  CHECK(in_bins == 44);
  CHECK(run.cost_usd.value() == Approx(44 * 0.0002));
  CHECK(run.samples_priced == 44);
}

TEST_CASE("run times of code are those of the right answers") {
  const ScratchFolder folder;
  const std::string path = folder.path() / "t.db";
  {
    Store store(path);
    RunRecord run{.identity = "code"};
    run.suite = "code/basics";
    run.model = "mock:";
    run.questions = 3;
    run.machine_id = store.put_machine("{}");
    run = store.open_run(run, true);
    const auto ids = store.put_questions(run.suite, {{.id = "a"}, {.id = "b"}, {.id = "c"}});
    for (int i = 0; i < 3; ++i) {
      SampleRecord sample;
      sample.key = {.run_id = run.id, .position = i};
      sample.question_id = ids[static_cast<std::size_t>(i)];
      sample.prompt_hash = std::to_string(i);
      sample.response.finish = Finish::stop;
      sample.verdict.value = i == 0 ? 0.0 : 1.0;
      sample.verdict.details = fmt::format(R"({{"calls":1,"run_time_s":{}}})", 0.25 * i + 7 * !i);
      store.put(sample, "{}");
    }
    store.finish_run(run.id, 1);
  }
  const Reader reader(path);
  const RunAnalysis run = analyse_run(reader, reader.run("1"), {});
  const Metric& time = run.times.back();
  CHECK(time.name == "Run time of right answers");
  CHECK(time.n == 2);
  CHECK(time.mean == Approx(0.375));
}
