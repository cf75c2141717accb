#include "harness/progress.h"

#include <sstream>

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

RunState halfway() {
  RunState state{
      .run_id = 7, .suite = "math/gsm8k", .model = "mock:", .total = 2000, .resumed = 200};
  state.answered = 790;
  state.failed = 10;
  state.completion_tokens = 40'000;
  state.elapsed_s = 20;
  state.score = Score{.mean = 0.5, .interval = {.low = 0.47, .high = 0.53}};
  return state;
}

}  // namespace

TEST_CASE("the line for people has everything there is to say and nothing that is unknown") {
  RunState state = halfway();
  CHECK(progress_line(state) ==
        "1,000/2,000  50 %  40.0 answers/s  2,000 tokens/s  score 50.0 % [47.0, 53.0]  10 failed  "
        "25 s left");
  state.cost_known = true;
  state.cost_usd = 1.234;
  CHECK_THAT(progress_line(state), Catch::Contains("$1.23"));
  CHECK(progress_line(RunState{.total = 10}) == "0/10  0 %  0.0 answers/s");
}

TEST_CASE("JSON events are one object a line and hold no invalid text") {
  std::ostringstream out;
  RunState state = halfway();
  state.last_error = "bad \xFF byte\nand line";
  make_progress(ProgressStyle::json, out)->finished(state);
  const std::string text = out.str();
  const auto event = nlohmann::json::parse(text);
  CHECK(event.at("event") == "finished");
  CHECK(event.at("done") == 1000);
  CHECK(event.at("score_interval")[0] == 0.47);
  CHECK(text.find('\n') == text.size() - 1);
}

TEST_CASE("a terminal's line is written over, a pipe's is not") {
  std::ostringstream terminal;
  make_progress(ProgressStyle::terminal, terminal)->finished(halfway());
  CHECK(terminal.str().front() == '\r');
  std::ostringstream plain;
  const auto progress = make_progress(ProgressStyle::plain, plain);
  progress->started(halfway());
  progress->update(halfway());  // too soon: nothing
  CHECK_THAT(
      plain.str(),
      Catch::Matches("run 7: math/gsm8k by mock:, 2,000 answers, continued: 200 are there\n"));
  std::ostringstream silent;
  make_progress(ProgressStyle::silent, silent)->finished(halfway());
  CHECK(silent.str().empty());
}
