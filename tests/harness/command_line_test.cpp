#include "harness/command_line.h"

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

ParsedCommandLine parse(std::vector<const char*> words) {
  words.insert(words.begin(), "assay");
  return parse_command_line(static_cast<int>(words.size()), words.data());
}

template <class Wanted>
Wanted parse_as(const std::vector<const char*>& words) {
  return std::get<Wanted>(parse(words).command.value());
}

}  // namespace

TEST_CASE("flags of a run become settings, and what is not given is not set") {
  const auto run = parse_as<RunCommand>({"run", "math/gsm8k", "nightly.toml", "--model",
                                         "openai:x:7b", "--samples", "4", "--temperature", "0.6",
                                         "--no-stream", "--stop", "A", "--stop", "B", "--fresh"});
  CHECK(run.what == std::vector<std::string>{"math/gsm8k", "nightly.toml"});
  CHECK(run.settings.model.model == "openai:x:7b");
  CHECK(run.settings.samples == 4);
  CHECK(run.settings.model.temperature == 0.6);
  CHECK(run.settings.model.stream == false);
  CHECK(run.settings.model.stop == std::vector<std::string>{"A", "B"});
  CHECK(run.settings.fresh == true);
  CHECK_FALSE(run.settings.cache.has_value());
  CHECK_FALSE(run.settings.model.seed.has_value());
  CHECK(run.db == "assay.db");
}

TEST_CASE("every command has its own flags") {
  CHECK(parse_as<GradeCommand>({"grade", "gsm8k", "--in", "a", "--policy", "strict"}).policy ==
        "strict");
  CHECK(parse_as<GenerateCommand>({"generate", "--model", "mock:", "--in-flight", "7"})
            .model.in_flight == 7);
  CHECK(parse_as<TokenizeCommand>({"tokenize", "--model", "engine:x", "--decode"}).decode);
  CHECK(parse_as<LogprobsCommand>({"logprobs", "--model", "engine:x"}).out == "-");
  CHECK(parse_as<ChatCommand>({"chat", "--model", "engine:x", "--system", "be brief"}).system ==
        "be brief");
  CHECK(parse_as<ReportCommand>({"report", "1", "last", "--out", "r.md"}).runs.size() == 2);
  CHECK(parse_as<ListCommand>({"list", "suites"}).what == "suites");
  CHECK(parse_as<ShowCommand>({"show", "last", "3.1"}).sample == "3.1");
  CHECK(parse_as<DataCommand>({"data", "add", "gsm8k", "f"}).file == "f");
  CHECK(parse_as<DataCommand>({"data", "verify"}).action == "verify");
  CHECK(parse_as<MockCommand>({"mock", "--port", "0", "--fault", "endless=0.1"}).fault.size() == 1);
  CHECK(parse_as<MockCommand>({"mock", "--accuracy", "0.25"}).accuracy == 0.25);
  CHECK(parse_as<ExplainCommand>({"explain", "1/2", "0.5"}).answer == "0.5");
}

TEST_CASE("help and the version are texts; wrong usage is one line that names the flag") {
  CHECK_FALSE(parse({"--help"}).command);
  CHECK_THAT(parse({"--help"}).text, Catch::Contains("grade"));
  CHECK_THAT(parse({"run", "--help"}).text, Catch::Contains("--temperature"));
  CHECK_THAT(parse({"--version"}).text, Catch::StartsWith("assay "));
  CHECK_THROWS_WITH(parse({"run", "math", "--tempratur", "1"}), Catch::Contains("--tempratur"));
  CHECK_THROWS_WITH(parse({"run", "math", "--samples", "x"}), Catch::Contains("--samples"));
  CHECK_THROWS_AS(parse({}), UserError);
  CHECK_THROWS_WITH(parse({"jog"}), Catch::Contains("'jog'") && Catch::Contains("run, "));
  CHECK_THROWS_AS(parse({"list", "planets"}), UserError);
  CHECK_THROWS_AS(parse({"run", "--model", "mock:"}), UserError);
}
