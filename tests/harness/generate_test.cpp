#include "harness/generate.h"

#include <filesystem>
#include <iostream>
#include <sstream>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/jsonl.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

// Answers the second before the first, the fourth before the third, with the prompt's own text.
class Swapping : public Backend {
 public:
  std::string identity() const override { return "{}"; }
  void submit(Prompt prompt, std::function<void(Response)> done) override {
    seen.push_back(prompt);
    Response response{.text = prompt.text + "!", .finish = Finish::stop};
    if (static_cast<int>(seen.size()) > broken_after) {
      response = {.finish = Finish::failed, .failure = Failure::disconnected, .error = "gone"};
    }
    if (held_) {
      done(std::move(response));
      held_();
      held_ = nullptr;
    } else {
      held_ = [response = std::move(response), done = std::move(done)] { done(response); };
    }
  }
  void finish() {
    if (held_) {
      held_();
    }
  }

  std::vector<Prompt> seen;
  int broken_after = 1 << 30;

 private:
  std::function<void()> held_;
};

std::vector<nlohmann::json> rows_of(const std::string& text) {
  std::istringstream in(text);
  JsonlReader reader(in, "out");
  std::vector<nlohmann::json> rows;
  for (nlohmann::json row; reader.next(row);) {
    rows.push_back(row);
  }
  return rows;
}

struct World {
  Swapping backend;
  std::unique_ptr<Progress> progress = make_progress(ProgressStyle::silent, std::cerr);
  GenerateSpec spec;
  RunState state;
  World() { spec.backend = &backend; }

  std::vector<nlohmann::json> go(const std::string& text) {
    std::istringstream in(text);
    std::ostringstream out;
    state = generate(spec, in, out, *progress);
    return rows_of(out.str());
  }
};

std::string prompts(int count) {
  std::string text;
  for (int i = 0; i < count; ++i) {
    text += R"({"id":)" + std::to_string(i) + R"(,"prompt":"p)" + std::to_string(i) + "\"}\n";
  }
  return text;
}

}  // namespace

TEST_CASE("answers come out in the order of their prompts") {
  World world;
  world.spec.in_flight_max = 4;
  const auto rows = world.go(prompts(100));
  REQUIRE(rows.size() == 100);
  for (int i = 0; i < 100; ++i) {
    const auto& row = rows[static_cast<std::size_t>(i)];
    REQUIRE(row.at("id") == i);
    REQUIRE(row.at("text") == "p" + std::to_string(i) + "!");
  }
}

TEST_CASE("a row may change the sampling for itself; a bad row is an error row in its place") {
  World world;
  world.spec.sampling.max_tokens = 10;
  const auto rows = world.go(
      "{\"prompt\":\"a\",\"temperature\":0.5,\"seed\":7,\"stop\":[\"x\"]}\n"
      "{\"prompt\":\"b\",\"temperature\":\"hot\"}\n{\"text\":\"c\"}\n{oops\n{\"prompt\":\"d\","
      "\"tokens\":[1]}\n"
      "{\"messages\":[{\"role\":\"user\",\"content\":\"e\"}]}\n{\"prompt\":\"\"}\n{\"prompt\":"
      "\"f\",\"max_tokens\":0}\n");
  REQUIRE(rows.size() == 8);
  CHECK(world.backend.seen.at(0).sampling.temperature == 0.5);
  CHECK(world.backend.seen.at(0).sampling.seed == 7U);
  CHECK(world.backend.seen.at(0).sampling.max_tokens == 10);
  CHECK(world.backend.seen.at(1).messages.at(0).content == "e");
  for (const int bad : {1, 2, 3, 4, 6, 7}) {
    CHECK(rows[static_cast<std::size_t>(bad)].at("line") == bad + 1);
  }
  CHECK(world.state.failed == 6);
}

TEST_CASE("rows that the output has already are skipped") {
  World world;
  world.spec.skip = 6;
  const auto rows = world.go(prompts(10));
  REQUIRE(rows.size() == 4);
  CHECK(rows[0].at("id") == 6);
}

TEST_CASE("when a server goes away, what failed at the end is left for the next time") {
  World world;
  world.spec.in_flight_max = 2;
  world.backend.broken_after = 20;
  const auto rows = world.go(prompts(1000));
  CHECK(rows.size() == 20);
  CHECK(world.state.failed >= 32);
  CHECK(world.backend.seen.size() < 100);
}

TEST_CASE("an output file is continued after its last whole row") {
  const ScratchFolder folder;
  const std::string path = folder.path() / "out.jsonl";
  CHECK(continue_output(path) == 0);
  folder.write("out.jsonl", "{\"text\":\"a\"}\n{\"text\":\"b\"}\n{\"te");
  CHECK(continue_output(path) == 2);
  CHECK(std::filesystem::file_size(path) == 26);
  CHECK(count_rows(path) == 2);
  folder.write("out.jsonl", "something else\n");
  CHECK_THROWS_WITH(continue_output(path), Catch::Contains("name another file"));
}
