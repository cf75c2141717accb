#include "harness/settings.h"

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

std::vector<RunSettings> read(const std::string& text) {
  return read_run_file(ScratchFile(text, "runs.toml").path());
}

}  // namespace

TEST_CASE("keys at the top of a run file hold for all runs, and each run adds its own") {
  const auto runs = read(
      "model = 'mock:'\nsamples = 2\ntemperature = 1\nstop = ['a', 'b']\n[[run]]\nsuite = "
      "'math/gsm8k'\n"
      "[[run]]\nsuite = ['math/arithmetic']\nsamples = 4\nstream = false\n");
  REQUIRE(runs.size() == 2);
  CHECK(runs[0].suite == std::vector<std::string>{"math/gsm8k"});
  CHECK(runs[0].samples == 2);
  CHECK(runs[1].samples == 4);
  CHECK(runs[1].model.model == "mock:");
  CHECK(runs[1].model.temperature == 1.0);
  CHECK(runs[1].model.stop.size() == 2);
  CHECK(runs[1].model.stream == false);
  CHECK(read("suite = 'math'\n").size() == 1);
}

TEST_CASE("a mistake in a run file is named by line") {
  CHECK_THROWS_WITH(read("model = 'mock:'\ntemprature = 1\n"),
                    Catch::Contains(".toml:2: there is no setting 'temprature'"));
  CHECK_THROWS_WITH(read("samples = 2.5\n"),
                    Catch::Contains(".toml:1: 'samples' has a value of the wrong type"));
  CHECK_THROWS_WITH(read("samples = 99999999999\n"), Catch::Contains("wrong type"));
  CHECK_THROWS_WITH(read("[[run]]\nsuite = 3\n"), Catch::Contains(".toml:2: "));
  CHECK_THROWS_WITH(read("run = 1\n"), Catch::Contains("[[run]]"));
  CHECK_THROWS_WITH(read("a = [\n"), Catch::Contains(".toml:"));
  CHECK_THROWS_AS(read_run_file("/nonexistent.toml"), UserError);
}

TEST_CASE("what is set replaces the suite's sampling, and ranges are checked") {
  ModelSettings settings;
  settings.temperature = 0.6;
  const Sampling sampling = with_settings({.max_tokens = 7}, settings);
  CHECK(sampling.temperature == 0.6);
  CHECK(sampling.max_tokens == 7);
  settings.top_p = 1.5;
  CHECK_THROWS_WITH(with_settings({}, settings), Catch::Contains("--top-p"));
  CHECK_THROWS_WITH(model_spec({}), Catch::Contains("--model is missing"));
  CHECK_THROWS_WITH(model_spec({.model = "mock:", .in_flight = 0}), Catch::Contains("--in-flight"));
  CHECK_THROWS_WITH(model_spec({.model = "mock:", .backend_option = {"x"}}),
                    Catch::Contains("key=value"));
  CHECK(model_spec({.model = "mock:", .backend_option = {"a=b=c"}}).options[0].second == "b=c");
}
