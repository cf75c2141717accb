#include "harness/store.h"

#include <csignal>

#include <sys/resource.h>

#include "harness/error.h"
#include "harness/reader.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

namespace {

// A results file of its own, gone with the test.
struct File {
  ScratchFolder folder;
  std::string path = folder.path() / "t.db";
};

RunRecord wanted_run(const std::string& identity, int questions = 2) {
  RunRecord run;
  run.identity = identity;
  run.suite = "math/toy";
  run.model = "mock:";
  run.questions = questions;
  run.machine_id = 1;
  return run;
}

SampleRecord answer(std::int64_t run_id, int position, const std::string& text) {
  SampleRecord sample;
  sample.key = {.run_id = run_id, .position = position};
  sample.prompt_hash = "p" + std::to_string(position);
  sample.cache_key[0] = static_cast<unsigned char>(position + 1);
  sample.response.text = text;
  sample.response.finish = Finish::stop;
  sample.response.usage.completion_tokens = 3;
  sample.verdict = {.value = 1.0,
                    .label = "correct",
                    .extracted = "4",
                    .reason = "equal",
                    .readings = {{"loose", 1.0, "4"}}};
  return sample;
}

SampleRecord failure(std::int64_t run_id, int position) {
  SampleRecord sample = answer(run_id, position, "");
  sample.response.finish = Finish::failed;
  sample.response.failure = Failure::overloaded;
  sample.verdict = {.label = "failed"};
  return sample;
}

}  // namespace

TEST_CASE("what was put is read back, with its texts and its empty fields") {
  const File file;
  Store store(file.path);
  const RunRecord run = store.open_run(wanted_run("a"), false);
  const auto ids = store.put_questions(
      "math/toy", {{.id = "q0", .text = "2+2?", .gold = "4", .tags = {{"level", "1"}}}});
  SampleRecord sample = answer(run.id, 0, "It is 4.");
  sample.question_id = ids[0];
  store.put(sample, R"({"prompt":"2+2?"})");
  store.flush();

  const Reader reader(file.path);
  const auto read = reader.sample({.run_id = run.id});
  REQUIRE(read);
  CHECK(read->response.text == "It is 4.");
  CHECK(read->verdict.value == 1.0);
  CHECK(read->verdict.readings[0].convention == "loose");
  CHECK(read->response.usage.completion_tokens == 3);
  CHECK_FALSE(read->response.usage.prompt_tokens);
  CHECK_FALSE(read->response.timings.ttft_s);
  CHECK(reader.prompt_json("p0") == R"({"prompt":"2+2?"})");
  CHECK(reader.question(ids[0]).tags.at("level") == "1");
  reader.for_each_question(run.id, [](int position, const QuestionRecord& question) {
    CHECK(position == 0);
    CHECK(question.key == "q0");
  });
}

TEST_CASE(
    "the same identity continues an unfinished run, and begins a new one after a finished run") {
  Store store(":memory:");
  const RunRecord first = store.open_run(wanted_run("a"), false);
  store.put(answer(first.id, 0, "x"), "{}");
  store.flush();
  CHECK(store.open_run(wanted_run("a"), false).id == first.id);
  CHECK(store.open_run(wanted_run("b"), false).id != first.id);
  REQUIRE(store.answered(first.id).size() == 1);
  CHECK(store.answered(first.id)[0].value == 1.0);
  store.put(answer(first.id, 1, "y"), "{}");
  store.finish_run(first.id, 1.0);
  CHECK(store.open_run(wanted_run("a"), false).id != first.id);
}

TEST_CASE(
    "a failed sample keeps its run unfinished and is replaced by the answer that comes later") {
  const File file;
  Store store(file.path);
  const RunRecord run = store.open_run(wanted_run("a", 1), false);
  store.put(failure(run.id, 0), "{}");
  store.finish_run(run.id, 1.0);
  CHECK(store.answered(run.id).empty());
  CHECK(store.open_run(wanted_run("a", 1), false).id == run.id);
  store.put(answer(run.id, 0, "4"), "{}");
  store.finish_run(run.id, 1.0);
  const Reader reader(file.path);
  CHECK(reader.sample({.run_id = run.id})->response.text == "4");
  CHECK(reader.run("last").finished_at.has_value());
  CHECK(reader.run("last").active_s == Approx(2.0));
}

TEST_CASE("the cache serves the answer of the same key, never a failure") {
  Store store(":memory:");
  const RunRecord run = store.open_run(wanted_run("a"), false);
  store.put(answer(run.id, 0, "kept"), "{}");
  store.put(failure(run.id, 1), "{}");
  store.flush();
  CHECK(store.cached({1})->text == "kept");
  CHECK_FALSE(store.cached({2}));
  CHECK_FALSE(store.cached({9}));
}

// That it takes no longer than 250 ms on a machine that is not overloaded is what the limit on a
// batch's age says; how long it takes on one that is, is no matter of this program.
TEST_CASE("a row comes into the file by itself, without a flush") {
  static_assert(Store::batch_s_max <= 0.25 / 2);
  const File file;
  Store store(file.path);
  const RunRecord run = store.open_run(wanted_run("a"), false);
  store.put(answer(run.id, 0, "x"), "{}");
  const Reader reader(file.path);
  bool there = false;
  for (int tries = 0; tries < 500 && !there; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    there = reader.sample({.run_id = run.id}).has_value();
  }
  CHECK(there);
}

TEST_CASE("eight threads put at once and nothing is lost") {
  const File file;
  Store store(file.path);
  const RunRecord run = store.open_run(wanted_run("a"), false);
  std::vector<std::thread> threads;
  for (int t = 0; t < 8; ++t) {
    threads.emplace_back([&store, &run, t] {
      for (int i = 0; i < 500; ++i) {
        store.put(answer(run.id, t * 500 + i, "x"), "{}");
      }
    });
  }
  for (std::thread& thread : threads) {
    thread.join();
  }
  store.flush();
  CHECK(store.answered(run.id).size() == 4000);
}

TEST_CASE("a second process may not continue a run that is at work") {
  const File file;
  Store mine(file.path);
  mine.open_run(wanted_run("a"), false);
  Store other(file.path);
  CHECK_THROWS_WITH(other.open_run(wanted_run("a"), false),
                    Catch::Contains("at work in another process"));
  CHECK_NOTHROW(other.open_run(wanted_run("a"), true));
}

TEST_CASE("files that are no results files are refused with one line") {
  const File file;
  const std::string text = file.folder.write("notes.txt", std::string(5000, 'x'));
  CHECK_THROWS_AS(Store(text), UserError);
  CHECK_THROWS_AS(Reader(text), UserError);
  CHECK_THROWS_AS(Reader(file.folder.path() / "none.db"), UserError);
  CHECK_THROWS_AS(Store(file.folder.path() / "no" / "such" / "folder.db"), UserError);
}

TEST_CASE("a full disk is one StoreError for whoever puts next, and the file stays readable") {
  const File file;
  Store store(file.path);
  const RunRecord run = store.open_run(wanted_run("a"), false);
  store.put(answer(run.id, 0, "kept"), "{}");
  store.flush();
  // A limit on file size stands for a full disk: the write fails in the same place.
  const auto old_handler = std::signal(SIGXFSZ, SIG_IGN);
  rlimit old_limit{};
  getrlimit(RLIMIT_FSIZE, &old_limit);
  const rlimit tight{.rlim_cur = 200'000, .rlim_max = old_limit.rlim_max};
  setrlimit(RLIMIT_FSIZE, &tight);
  bool told = false;
  try {
    for (int i = 1; i < 100; ++i) {
      store.put(answer(run.id, i, std::string(20'000, 'x')), "{}");
      store.flush();
    }
  } catch (const StoreError& error) {
    told = true;
    CHECK_THAT(error.what(), Catch::Contains("t.db"));
  }
  CHECK(told);
  CHECK_THROWS_AS(store.put(answer(run.id, 1, "later"), "{}"), StoreError);
  setrlimit(RLIMIT_FSIZE, &old_limit);
  (void)std::signal(SIGXFSZ, old_handler);
  CHECK(Reader(file.path).sample({.run_id = run.id})->response.text == "kept");
}
