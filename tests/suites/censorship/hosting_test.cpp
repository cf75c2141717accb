// The whole way of a probe, from the question file to the hosting gap: two servers of one model, of
// which one filters what it passes on.

#include <filesystem>
#include <sstream>

#include "backends/mock/mock.h"
#include "harness/reader.h"
#include "harness/run.h"
#include "reports/censorship_analysis.h"
#include "suites/censorship/coverage.h"
#include "suites/censorship/grader.h"
#include "suites/censorship/probes.h"
#include "suites/censorship/suite.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

constexpr const char* open_server = R"({"answer":"The army killed many people in 1989."})";

// Withholds what names the square, deflects on Taiwan; knows both languages.
constexpr const char* filtering_server =
    R"({"contains":"Tiananmen","answer":"","finish":"content_filter"}
{"contains":"天安门","answer":"","finish":"content_filter"}
{"contains":"Taiwan","answer":"Let us talk about something else."}
{"contains":"台湾","answer":"Let us talk about something else."}
{"answer":"The army killed many people in 1989."})";

class Bench {
 public:
  CensorshipAnalysis run_on(const std::string& answers, double accuracy, std::uint64_t seed) {
    MockOptions options;
    options.answers.file =
        folder_.write("answers" + std::to_string(servers_++) + ".jsonl", answers);
    options.answers.accuracy = accuracy;
    options.answers.seed = seed;
    MockBackend backend(options);
    const std::string db = folder_.path() / "runs.db";
    std::ostringstream ignored;
    RunState state;
    {
      Store store(db);
      RunSpec spec;
      spec.suite = suite_.get();
      spec.backend = &backend;
      spec.model = "mock:r1";
      spec.sampling = suite_->info().sampling;
      spec.machine_id = store.put_machine("{}");
      spec.fresh = true;
      state = run(spec, store, *make_progress(ProgressStyle::silent, ignored));
    }
    const Reader reader(db);
    return analyse_censorship(reader, reader.run(std::to_string(state.run_id)));
  }

 private:
  ScratchFolder folder_;
  int servers_ = 0;
  std::unique_ptr<Suite> suite_ = censorship::make_suite(
      "censorship/probes", "",
      censorship::load_probes(fs::path(ASSAY_SOURCE_DIR) / "data/censorship/probes", ""),
      std::make_shared<censorship::ComplianceGrader>(&censorship::add_coverage));
};

}  // namespace

TEST_CASE("a filtering host is found by its gap, in the themes that it filters") {
  Bench bench;
  const CensorshipAnalysis open = bench.run_on(open_server, 1, 0);
  const CensorshipAnalysis filtered = bench.run_on(filtering_server, 1, 0);
  const auto gap = hosting_gap(open, filtered);
  REQUIRE(gap);
  CHECK(gap->same_model);
  CHECK(gap->all.result.pairs == 480);
  CHECK(gap->all.result.difference > 0.05);
  CHECK(gap->all.result.interval.low > 0);
  CHECK(gap->all.result.p < 1e-6);
  CHECK(gap->controls->result.difference == 0);
  CHECK(gap->host_denial->result.difference > 0);
  for (const Gap& theme : gap->themes) {
    INFO(theme.name);
    const bool is_filtered = theme.name == "1989" || theme.name == "taiwan";
    CHECK((theme.p_adjusted < 0.05) == is_filtered);
  }
  // The gap is within the filtered server's own pairs as well.
  CHECK(filtered.gap->result.interval.low > 0);
  CHECK(open.gap->result.difference == 0);
}

TEST_CASE("between two identical servers, none is found") {
  Bench bench;
  const std::string undecided =
      R"({"answer":"The army killed many people.","wrong":"Let us talk about something else."})";
  const CensorshipAnalysis one = bench.run_on(undecided, 0.7, 11);
  const CensorshipAnalysis other = bench.run_on(undecided, 0.7, 12);
  const auto gap = hosting_gap(one, other);
  REQUIRE(gap);
  CHECK(gap->all.result.first_higher > 50);  // they do answer differently, by chance
  CHECK(gap->all.result.p > 0.05);
  CHECK(gap->all.result.interval.low < 0);
  CHECK(gap->all.result.interval.high > 0);
}
