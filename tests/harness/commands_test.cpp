#include "harness/commands.h"

#include <filesystem>
#include <fstream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "backends/backends.h"
#include "harness/data.h"
#include "harness/reader.h"
#include "suites/math/arithmetic.h"
#include "suites/math/math.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes
namespace fs = std::filesystem;

namespace {

// A folder of its own, and what the commands print.
struct World {
  ScratchFolder folder;
  std::ostringstream out;
  std::ostringstream err;
  Streams streams{out, err, false};
  Catalogue catalogue;
  PriceOf no_price = [](const ModelSpec&, const Usage&) { return std::optional<double>(); };

  World() {
    add_math(catalogue, [](std::string_view dataset) -> fs::path {
      throw MissingData(std::string(dataset) + " is not installed");
    });
    catalogue.suites.push_back({"math/arithmetic", "", make_arithmetic});
    add_backends(catalogue, file("t.db"));
  }

  std::string file(const std::string& name, const std::string& text = "") const {
    return text.empty() ? folder.path() / name : folder.write(name, text);
  }
  std::string content(const std::string& name) const {
    std::ifstream in(folder.path() / name);
    return {std::istreambuf_iterator<char>(in), {}};
  }
};

RunCommand arithmetic_by_mock(const World& world) {
  RunCommand command;
  command.what = {"math/arithmetic"};
  command.settings.model.model = "mock:";
  command.settings.limit = 5;
  command.db = world.file("t.db");
  command.shown.quiet = true;
  return command;
}

}  // namespace

TEST_CASE("a run ends with its score, and one with failures says how to continue") {
  World world;
  RunCommand command = arithmetic_by_mock(world);
  CHECK(run_command(command, world.catalogue, world.no_price, "assay run", world.streams) ==
        Exit::passed);
  CHECK_THAT(world.out.str(),
             Catch::Contains("run 1: math/arithmetic by mock:") && Catch::Contains("n = 5"));
  command.settings.model.backend_option = {"failure_rate=1"};
  CHECK(run_command(command, world.catalogue, world.no_price, "assay run", world.streams) ==
        Exit::failed);
  CHECK_THAT(world.err.str(),
             Catch::Contains("0 of 5 answered, 5 failed") && Catch::Contains("continues it"));
}

TEST_CASE("a run file names suites, and flags change what it says") {
  World world;
  RunCommand command = arithmetic_by_mock(world);
  command.what = {
      world.file("nightly.toml", "model = 'nobody:'\nsuite = 'math/arithmetic'\nsamples = 2\n")};
  command.settings.model.model = "mock:echo";
  CHECK(run_command(command, world.catalogue, world.no_price, "assay run", world.streams) ==
        Exit::passed);
  CHECK_THAT(world.out.str(), Catch::Contains("mock:echo") && Catch::Contains("cons@2"));
  command.what = {world.file("empty.toml", "model = 'mock:'\n")};
  CHECK_THROWS_WITH(run_command(command, world.catalogue, world.no_price, "", world.streams),
                    Catch::Contains("names no 'suite'"));
}

TEST_CASE("a mistake anywhere is found before the first question is asked") {
  World world;
  RunCommand command = arithmetic_by_mock(world);
  command.what.emplace_back("math/nothing");
  CHECK_THROWS_AS(run_command(command, world.catalogue, world.no_price, "", world.streams),
                  UserError);
  CHECK_FALSE(fs::exists(command.db));
}

TEST_CASE("a folder of suites is run as far as its data is there, and says what is not") {
  World world;
  RunCommand command = arithmetic_by_mock(world);
  command.what = {"math"};
  CHECK(run_command(command, world.catalogue, world.no_price, "", world.streams) == Exit::passed);
  CHECK_THAT(world.out.str(), Catch::Contains("math/arithmetic by mock:"));
  CHECK_THAT(world.err.str(), Catch::Contains("without math/gsm8k: gsm8k is not installed"));
  command.what = {"math/gsm8k"};
  CHECK_THROWS_AS(run_command(command, world.catalogue, world.no_price, "", world.streams),
                  MissingData);
  world.catalogue.suites.pop_back();
  command.what = {"math"};
  CHECK_THROWS_AS(run_command(command, world.catalogue, world.no_price, "", world.streams),
                  MissingData);
}

TEST_CASE("an earlier run is judged again without asking again") {
  World world;
  RunCommand command = arithmetic_by_mock(world);
  command.settings.samples = 2;
  run_command(command, world.catalogue, world.no_price, "", world.streams);
  command.settings.model.model = "replay:1";
  CHECK(run_command(command, world.catalogue, world.no_price, "", world.streams) == Exit::passed);
  const Reader reader(command.db);
  for (int position = 0; position < 5; ++position) {
    const auto asked = reader.sample({.run_id = 1, .position = position, .sample_index = 1});
    const auto replayed = reader.sample({.run_id = 2, .position = position, .sample_index = 1});
    REQUIRE(asked);
    REQUIRE(replayed);
    CHECK(asked->response.text == replayed->response.text);
    CHECK(asked->verdict.label == replayed->verdict.label);
  }
  command.settings.samples = 3;  // more than the earlier run has
  CHECK(run_command(command, world.catalogue, world.no_price, "", world.streams) == Exit::failed);
  CHECK_THAT(world.err.str(), Catch::Contains("holds no answer to this prompt (sample 2)"));
  command.settings.model.model = "replay:9";
  CHECK_THROWS_AS(run_command(command, world.catalogue, world.no_price, "", world.streams),
                  UserError);
  command.settings.model.model = "replay:missing.jsonl";
  CHECK_THROWS_WITH(run_command(command, world.catalogue, world.no_price, "", world.streams),
                    Catch::Contains("there is no file missing.jsonl"));
}

TEST_CASE("rows are graded from file to file, and a bad one makes the status 1") {
  World world;
  GradeCommand command{
      .kind = "gsm8k",
      .in = world.file("in.jsonl", "{\"id\":1,\"response\":\"#### 4\",\"gold\":\"4\"}\n"),
      .out = world.file("out.jsonl")};
  CHECK(grade_command(command, world.catalogue, world.streams) == Exit::passed);
  CHECK(nlohmann::json::parse(world.content("out.jsonl")).at("correct") == true);
  command.in = world.file("bad.jsonl", "{}\n");
  CHECK(grade_command(command, world.catalogue, world.streams) == Exit::failed);
  CHECK_THAT(world.err.str(), Catch::Contains("1 of 1 rows"));
  command.in = world.file("none.jsonl");
  CHECK_THROWS_AS(grade_command(command, world.catalogue, world.streams), UserError);
}

TEST_CASE("generate continues its output file, and refuses to mix events with answers") {
  World world;
  GenerateCommand command;
  command.model.model = "mock:echo";
  command.in = world.file("in.jsonl", "{\"id\":1,\"prompt\":\"a\"}\n{\"id\":2,\"prompt\":\"b\"}\n");
  command.out = world.file("out.jsonl", "{\"id\":1,\"text\":\"kept\"}\n{\"id\":2,\"te");
  CHECK(generate_command(command, world.catalogue, world.streams) == Exit::passed);
  CHECK_THAT(world.content("out.jsonl"), Catch::StartsWith("{\"id\":1,\"text\":\"kept\"}\n{") &&
                                             Catch::Contains("\"text\":\"b\""));
  command.out = "-";
  command.shown.json = true;
  CHECK_THROWS_WITH(generate_command(command, world.catalogue, world.streams),
                    Catch::Contains("--out"));
}

TEST_CASE("lists name what there is") {
  World world;
  list_catalogue("suites", world.catalogue, world.out);
  list_catalogue("models", world.catalogue, world.out);
  list_catalogue("grades", world.catalogue, world.out);
  CHECK_THAT(world.out.str(), Catch::Contains("math/gsm8k") && Catch::Contains("mock:") &&
                                  Catch::Contains("choice"));
}
