// How many judged samples a second the results file takes from 8 threads while 2 readers are at
// work, beside SQLite's own rate for the same texts in one thread and transactions of one batch.
//   bench_store [ROWS]      200,000 by default; prints one JSON line
#include "harness/store.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <filesystem>
#include <iostream>
#include <string>
#include <thread>
#include <vector>

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>
#include <fmt/core.h>
#include <unistd.h>

#include "harness/clock.h"
#include "harness/reader.h"

using namespace assay;  // NOLINT(google-build-using-namespace)
namespace fs = std::filesystem;

namespace {

constexpr int writers = 8;
constexpr int readers = 2;

struct Folder {
  fs::path path = fs::temp_directory_path() / ("assay-bench-store-" + std::to_string(getpid()));
  Folder() { fs::create_directories(path); }
  ~Folder() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
};

std::string prompt_text(int position) {
  return fmt::format(
      R"({{"messages":[{{"role":"user","content":"There are {} ducks on the pond. How many?"}}]}})",
      position);
}

SampleRecord sample_of(std::int64_t run_id, std::int64_t question_id, int position) {
  SampleRecord sample;
  sample.key = {.run_id = run_id, .position = position};
  sample.question_id = question_id;
  sample.prompt_hash = fmt::format("{:064x}", position);
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
double store_rate(const std::string& path, int rows, std::int64_t& read) {
  Store store(path);
  RunRecord run{.identity = "bench",
                .suite = "math/made-up",
                .model = "mock:",
                .backend_json = "{}",
                .sampling_json = "{}",
                .questions = rows};
  run.machine_id = store.put_machine("{}");
  run = store.open_run(run, true);
  const std::int64_t question =
      store.put_questions(run.suite, {{.id = "1", .text = "How many ducks?", .gold = "4"}}).at(0);
  std::atomic<bool> finished = false;
  std::atomic<std::int64_t> rows_read = 0;
  std::vector<std::jthread> reading;
  for (int i = 0; i < readers; ++i) {
    reading.emplace_back([&] {
      const Reader reader(path);
      while (!finished) {
        reader.for_each_figures(run.id, false, [&](const SampleFigures&) { ++rows_read; });
      }
    });
  }
  const SteadyTime start = steady_now();
  {
    std::vector<std::jthread> writing;
    for (int writer = 0; writer < writers; ++writer) {
      writing.emplace_back([&, writer] {
        for (int position = writer; position < rows; position += writers) {
          store.put(sample_of(run.id, question, position), prompt_text(position));
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
  for (int position = 0; position < rows;) {
    SQLite::Transaction transaction(db);
    const int end = std::min(rows, position + static_cast<int>(Store::batch_rows_max));
    for (; position < end; ++position) {
      const SampleRecord sample = sample_of(1, 1, position);
      SQLite::bind(insert, prompt_text(position), sample.prompt_hash, sample.response.text);
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
    const int rows = argc > 1 ? std::stoi(argv[1]) : 200'000;
    const Folder folder;
    std::int64_t read = 0;
    const double ours = store_rate(folder.path / "store.db", rows, read);
    const double ceiling = sqlite_rate(folder.path / "sqlite.db", rows);
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
