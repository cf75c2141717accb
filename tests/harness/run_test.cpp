#include "harness/run.h"

#include <iostream>
#include <map>

#include "harness/error.h"
#include "harness/reader.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

class EqualsGold : public Grader {
 public:
  Verdict grade(const Question& question, const Response& response) const override {
    const bool right = response.text == question.gold;
    return {.value = right ? 1.0 : 0.0,
            .label = right ? "correct" : "wrong",
            .extracted = response.text,
            .vote = response.text};
  }
};

// "What is i?", to be answered with i.
class Counting : public Suite {
 public:
  explicit Counting(int count) : count_(count) { info_.name = "test/counting"; }
  const SuiteInfo& info() const override { return info_; }
  std::vector<Question> questions() const override {
    std::vector<Question> questions;
    for (int i = 0; i < count_; ++i) {
      const std::string number = std::to_string(i);
      questions.push_back({.id = "q" + number, .text = "What is " + number + "?", .gold = number});
    }
    return questions;
  }
  Prompt prompt(const Question& question) const override {
    Prompt prompt;
    prompt.messages = {{Role::user, question.text}};
    return prompt;
  }
  const Grader& grader() const override { return grader_; }

 private:
  int count_;
  SuiteInfo info_;
  EqualsGold grader_;
};

// Knows the answer to even numbers; says the same every time; can be told to fail or to break down.
class Even : public Backend {
 public:
  std::string identity() const override { return R"({"even":true})"; }
  void submit(Prompt prompt, std::function<void(Response)> done) override {
    const std::string& text = prompt.messages.at(0).content;
    const int number = std::stoi(text.substr(8));
    ++asked[{number, prompt.sample_index}];
    Response response{.text = number % 2 == 0 ? std::to_string(number) : "no idea",
                      .finish = Finish::stop};
    response.usage.completion_tokens = 2;
    if (number >= broken_from) {
      response = {.finish = Finish::failed, .failure = Failure::disconnected, .error = "gone"};
    }
    done(std::move(response));
  }

  int broken_from = 1 << 30;
  std::map<std::pair<int, int>, int> asked;
};

struct World {
  ScratchFolder folder;
  std::string db = folder.path() / "t.db";
  Counting suite{10};
  Even backend;
  std::unique_ptr<Progress> progress = make_progress(ProgressStyle::silent, std::cerr);

  RunSpec spec(int samples = 1) {
    RunSpec spec;
    spec.suite = &suite;
    spec.backend = &backend;
    spec.model = "test:even";
    spec.samples = samples;
    return spec;
  }
  RunState go(const RunSpec& spec) {
    Store store(db);
    return run(spec, store, *progress);
  }
};

}  // namespace

TEST_CASE("every question is asked k times, judged and kept") {
  World world;
  const RunState state = world.go(world.spec(3));
  CHECK(state.done() == 30);
  CHECK(state.score->mean == Approx(0.5));
  CHECK(world.backend.asked.size() == 30);
  const Reader reader(world.db);
  const auto sample = reader.sample({.run_id = state.run_id, .position = 4, .sample_index = 2});
  REQUIRE(sample);
  CHECK(sample->response.text == "4");
  CHECK(sample->verdict.value == 1.0);
  CHECK(reader.prompt_json(sample->prompt_hash) ==
        R"({"messages":[{"content":"What is 4?","role":"user"}]})");
  CHECK(reader.run("last").finished_at.has_value());
}

TEST_CASE("the same command asks only for what is missing, and its score counts all") {
  World world;
  world.backend.broken_from = 6;
  const RunState first = world.go(world.spec());
  CHECK(first.failed == 4);
  CHECK(first.answered == 6);
  CHECK(first.last_error == "gone");
  world.backend.broken_from = 1 << 30;
  world.backend.asked.clear();
  const RunState second = world.go(world.spec());
  CHECK(second.run_id == first.run_id);
  CHECK(second.resumed == 6);
  CHECK(second.answered == 4);
  CHECK(world.backend.asked.size() == 4);
  CHECK(second.score->mean == Approx(0.5));
  CHECK(second.score->questions == 10);
}

TEST_CASE("a failed request is never scored as wrong") {
  World world;
  world.backend.broken_from = 1;  // 0 is answered, and right
  const RunState state = world.go(world.spec());
  CHECK(state.score->mean == Approx(1.0));
  CHECK(state.score->questions == 1);
}

TEST_CASE("another sampling is another run, and --limit asks only the first") {
  World world;
  RunSpec spec = world.spec();
  spec.limit = 3;
  const RunState limited = world.go(spec);
  CHECK(limited.total == 3);
  spec.limit = 0;
  spec.sampling.temperature = 0.7;
  const RunState warm = world.go(spec);
  CHECK(warm.run_id != limited.run_id);
  CHECK(warm.total == 10);
}

TEST_CASE("with the cache a new run takes the same samples from the earlier one, and no others") {
  World world;
  RunSpec spec = world.spec(2);
  world.go(spec);
  world.backend.asked.clear();
  spec.use_cache = true;
  spec.fresh = true;
  spec.samples = 3;
  const RunState state = world.go(spec);
  CHECK(state.from_cache == 20);
  CHECK(world.backend.asked.size() == 10);
  CHECK(world.backend.asked.begin()->first.second == 2);
  CHECK(state.score->mean == Approx(0.5));
}

TEST_CASE("a server that refuses everything is not asked to the end") {
  World world;
  world.suite = Counting(1000);
  world.backend.broken_from = 0;
  const RunState state = world.go(world.spec());
  CHECK(state.failed >= 32);
  CHECK(state.failed < 200);
  CHECK_FALSE(state.score);
}
