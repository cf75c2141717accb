// How many judged samples a second the results file takes from 8 threads while readers are at work
// (each reads all figures of the run again every 100 ms), beside SQLite's own rate for the same
// texts in one thread and transactions of one batch.
//   bench_store [ROWS] [READERS]     100,000 and 2 by default; prints one JSON line
#include "harness/store.h"

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/core.h>

#include "harness/clock.h"
#include "harness/digest.h"
#include "harness/reader.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

constexpr int writers = 8;
constexpr int samples = 8;  // answers to a question

std::string prompt_text(int position) {
  return fmt::format(
      R"({{"messages":[{{"role":"user","content":"There are {} ducks on the pond. How many?"}}]}})",
      position);
}

SampleRecord sample_of(std::int64_t run_id, std::int64_t question_id, int row) {
  const int position = row / samples;
  const int sample_index = row % samples;
  SampleRecord sample;
  sample.key = {.run_id = run_id, .position = position, .sample_index = sample_index};
  sample.question_id = question_id;
  sample.prompt_hash = sha256_hex(std::to_string(position));  // as spread as real ones
  const std::string key = sha256_hex(fmt::format("{} {}", position, sample_index));
  std::copy_n(key.begin(), sample.cache_key.size(), sample.cache_key.begin());
  sample.response.finish = Finish::stop;
  sample.response.text = fmt::format(
      "There are {} of them at first, and a third leave, which is what was asked.\n#### {}",
      position, position);
  sample.response.timings.latency_s = 1;
  sample.response.usage = {.prompt_tokens = 120, .completion_tokens = 90};
  sample.verdict = {.value = 1.0,
                    .label = "correct",
                    .extracted = std::to_string(position),
                    .vote = std::to_string(position),
                    .reason = "the last number after ####",
                    .readings = {{"lm-eval-strict", 1.0, std::to_string(position)}}};
  return sample;
}

// Rows per second through Store, until all are in the file.
double store_rate(const std::string& path, int rows, int readers, std::int64_t& read) {
  Store store(path);
  RunRecord run{.identity = "bench",
                .suite = "math/made-up",
                .model = "mock:",
                .backend_json = "{}",
                .sampling_json = "{}",
                .samples = samples,
                .questions = rows / samples};
  run.machine_id = store.put_machine("{}");
  run = store.open_run(run, true);
  const std::int64_t question =
      store.put_questions(run.suite, {{.id = "1", .text = "How many ducks?", .gold = "4"}}).at(0);
  std::vector<std::vector<SampleRecord>> made(writers);  // before the clock starts
  for (int row = 0; row < rows; ++row) {
    made[static_cast<std::size_t>(row % writers)].push_back(sample_of(run.id, question, row));
  }
  std::atomic<bool> finished = false;
  std::atomic<std::int64_t> rows_read = 0;
  std::vector<std::jthread> reading;
  for (int i = 0; i < readers; ++i) {
    reading.emplace_back([&] {
      const Reader reader(path);
      while (!finished) {
        reader.for_each_figures(run.id, false, [&](const SampleFigures&) { ++rows_read; });
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
    });
  }
  const SteadyTime start = steady_now();
  {
    std::vector<std::jthread> writing;
    for (int writer = 0; writer < writers; ++writer) {
      writing.emplace_back([&, writer] {
        for (SampleRecord& sample : made[static_cast<std::size_t>(writer)]) {
          std::string prompt = prompt_text(sample.key.position);
          store.put(std::move(sample), std::move(prompt));
        }
      });
    }
  }
  store.flush();
  const double seconds = seconds_between(start, steady_now());
  finished = true;
  reading.clear();
  read = rows_read;
  return rows / seconds;
}

// The ceiling: the same texts, nothing else to do, nobody reading.
double sqlite_rate(const std::string& path, int rows) {
  SQLite::Database db(path, SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  db.exec("PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL;");
  db.exec("CREATE TABLE row (id INTEGER PRIMARY KEY, prompt TEXT, hash TEXT, text TEXT)");
  SQLite::Statement insert(db, "INSERT INTO row (prompt, hash, text) VALUES (?, ?, ?)");
  const SteadyTime start = steady_now();
  for (int row = 0; row < rows;) {
    SQLite::Transaction transaction(db);
    const int end = std::min(rows, row + static_cast<int>(Store::batch_rows_max));
    for (; row < end; ++row) {
      const SampleRecord sample = sample_of(1, 1, row);
      SQLite::bind(insert, prompt_text(row / samples), sample.prompt_hash, sample.response.text);
      insert.exec();
      insert.reset();
    }
    transaction.commit();
  }
  return rows / seconds_between(start, steady_now());
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const int rows = argc > 1 ? std::stoi(argv[1]) : 100'000;
    const int readers = argc > 2 ? std::stoi(argv[2]) : 2;
    const ScratchFolder folder;
    std::int64_t read = 0;
    const double ours = store_rate(folder.path() / "store.db", rows, readers, read);
    const double ceiling = sqlite_rate(folder.path() / "sqlite.db", rows);
    fmt::print(
        R"({{"rows": {}, "writers": {}, "readers": {}, "rows_per_s": {:.0f}, "rows_read": {}, )"
        R"("sqlite_rows_per_s": {:.0f}, "ratio": {:.2f}}})"
        "\n",
        rows, writers, readers, ours, read, ceiling, ours / ceiling);
  } catch (const std::exception& error) {
    std::cerr << "bench_store: " << error.what() << '\n';
    return 2;
  }
}
