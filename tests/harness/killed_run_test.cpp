// A run that is killed again and again, against a server with every fault: in the end nothing is
// missing and nothing is there twice.

#include <algorithm>
#include <atomic>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <random>
#include <thread>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <sys/wait.h>
#include <unistd.h>

#include "backends/mock/server.h"
#include "harness/clock.h"
#include "harness/reader.h"
#include "suites/math/gsm8k.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes
namespace fs = std::filesystem;

namespace {

constexpr int question_count = 2000;
constexpr int kill_count = 20;
constexpr double latency_s = 0.04;
constexpr double safe_s = 0.25;  // an answer that came in longer ago than this may not be lost
constexpr double on_the_way_s =
    0.1;  // from the server's count to the program's hands, on a busy machine

// A folder with questions written here, and answers of which two thirds are right.
struct World {
  ScratchFolder folder;
  fs::path data = folder.path() / "questions.jsonl";
  fs::path answers = folder.path() / "answers.jsonl";

  World() {
    std::ofstream questions(data);
    for (int i = 0; i < question_count; ++i) {
      const nlohmann::json row = {{"question", "Shelf " + std::to_string(i) + " holds 3 boxes of " +
                                                   std::to_string(i % 90) + " pens. How many?"},
                                  {"answer", "#### " + std::to_string(3 * (i % 90))}};
      questions << row << '\n';
    }
    questions.close();
    const auto suite = make_gsm8k(data);
    std::ofstream out(answers);
    for (const Question& question : suite->questions()) {
      const bool right = std::hash<std::string>()(question.id) % 3 != 0;
      const nlohmann::json row = {
          {"prompt", suite->prompt(question).messages.back().content},
          {"answer", "Counting gives\n#### " + (right ? question.gold : "1,000,007")}};
      out << row << '\n';
    }
  }

  MockServerOptions faulty_server() const {
    MockServerOptions options;
    options.answers.file = answers.string();
    options.latency_s = latency_s;
    options.retry_after_s = 0.02;
    options.oversized_bytes = 300'000;
    options.faults = {.rate_limited = 0.02,
                      .server_error = 0.02,
                      .disconnect_before = 0.02,
                      .disconnect_mid = 0.02,
                      .truncated = 0.02,
                      .malformed = 0.02,
                      .wrong_types = 0.02,
                      .oversized = 0.005,
                      .content_filter = 0.01};
    return options;
  }

  pid_t start(const std::string& base_url, const std::string& db) const {
    const std::vector<std::string> words = {ASSAY_PROGRAM,
                                            "run",
                                            "math/gsm8k",
                                            "--data",
                                            data.string(),
                                            "--model",
                                            "openai:mock",
                                            "--base-url",
                                            base_url,
                                            "--no-stream",
                                            "--db",
                                            db,
                                            "--quiet",
                                            "--in-flight",
                                            "8",
                                            "--backend-option",
                                            "back_off_s=0.01",
                                            "--backend-option",
                                            "response_bytes_max=200000",
                                            "--retries",
                                            "20"};
    std::vector<char*> argv;
    argv.reserve(words.size() + 1);
    for (const std::string& word : words) {
      argv.push_back(const_cast<char*>(word.c_str()));
    }
    argv.push_back(nullptr);
    const pid_t child = fork();
    if (child == 0) {
      dup2(open("/dev/null", O_WRONLY | O_CLOEXEC), STDOUT_FILENO);
      execv(argv[0], argv.data());
      _exit(127);
    }
    return child;
  }
};

int exit_status(pid_t child) {
  int status = 0;
  waitpid(child, &status, 0);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

std::size_t answered_rows(const std::string& db) {
  std::size_t rows = 0;
  if (fs::exists(db)) {
    const Reader reader(db);
    if (!reader.runs().empty()) {
      reader.for_each_sample(reader.runs().back().id, [&](const SampleRecord& sample) {
        rows += sample.response.finish != Finish::failed;
      });
    }
  }
  return rows;
}

// The answers that a server has given, over time.
class Timeline {
 public:
  explicit Timeline(const MockServer& server) : server_(server), thread_([this] { watch(); }) {}
  ~Timeline() {
    stop_ = true;
    thread_.join();
  }
  Timeline(const Timeline&) = delete;
  Timeline& operator=(const Timeline&) = delete;

  std::uint64_t good_at(SteadyTime time) {
    const std::lock_guard lock(mutex_);
    std::uint64_t good = 0;
    for (const auto& [when, count] : counts_) {
      good = when <= time ? count : good;
    }
    return good;
  }

  // How late this machine has run a thread that wanted to: what the program cannot help, times the
  // three threads that an answer passes through.
  double late_s() {
    const std::lock_guard lock(mutex_);
    double most = 0;
    for (std::size_t i = 1; i < counts_.size(); ++i) {
      most = std::max(most, seconds_between(counts_[i - 1].first, counts_[i].first) - tick_s);
    }
    return 3 * most;
  }

 private:
  static constexpr double tick_s = 0.005;

  void watch() {
    while (!stop_) {
      const MockServerStats stats = server_.stats();
      {
        const std::lock_guard lock(mutex_);
        counts_.emplace_back(steady_now(), stats.requests - stats.faults);
      }
      std::this_thread::sleep_for(std::chrono::duration<double>(tick_s));
    }
  }

  const MockServer& server_;
  std::mutex mutex_;
  std::vector<std::pair<SteadyTime, std::uint64_t>> counts_;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

// How long the disk makes a writer wait: a database that folds its log back waits as long.
class Disk {
 public:
  explicit Disk(const fs::path& folder)
      : file_(open((folder / "disk").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600)),
        thread_([this] { watch(); }) {}
  ~Disk() {
    stop_ = true;
    thread_.join();
    close(file_);
  }
  Disk(const Disk&) = delete;
  Disk& operator=(const Disk&) = delete;

  double late_s() {
    const std::lock_guard lock(mutex_);
    return std::max(longest_s_, seconds_between(asked_, steady_now()) - pause_s);
  }

 private:
  static constexpr double pause_s = 0.02;

  void watch() {
    while (!stop_) {
      {
        const std::lock_guard lock(mutex_);
        asked_ = steady_now();
      }
      const bool written = pwrite(file_, "x", 1, 0) == 1 && fdatasync(file_) == 0;
      {
        const std::lock_guard lock(mutex_);
        longest_s_ = std::max(longest_s_, written ? seconds_between(asked_, steady_now()) : 0);
      }
      std::this_thread::sleep_for(std::chrono::duration<double>(pause_s));
    }
  }

  int file_;
  std::mutex mutex_;
  SteadyTime asked_ = steady_now();
  double longest_s_ = 0;
  std::atomic<bool> stop_ = false;
  std::thread thread_;
};

double score_of(const std::string& db) {
  const Reader reader(db);
  double sum = 0;
  int scored = 0;
  reader.for_each_sample(reader.run("last").id, [&](const SampleRecord& sample) {
    if (sample.verdict.value) {
      sum += *sample.verdict.value;
      ++scored;
    }
  });
  return sum / scored;
}

}  // namespace

TEST_CASE(
    "killed at 20 random moments, a run ends with every question answered once and the score of a "
    "quiet run") {
  const World world;
  const std::string disturbed = world.folder.path() / "disturbed.db";
  {
    const MockServer server(world.faulty_server());
    Timeline timeline(server);
    Disk disk(world.folder.path());
    std::mt19937 random(7);
    std::uniform_real_distribution<double> life_s(0.05, 0.9);
    for (int i = 0; i < kill_count; ++i) {
      const std::size_t rows_before = answered_rows(disturbed);
      const std::uint64_t good_before = timeline.good_at(steady_now());
      const pid_t child = world.start(server.base_url(), disturbed);
      std::this_thread::sleep_for(std::chrono::duration<double>(life_s(random)));
      const SteadyTime killed_at = steady_now();
      kill(child, SIGKILL);
      REQUIRE(exit_status(child) == -SIGKILL);
      const auto safe = std::chrono::duration_cast<SteadyTime::duration>(
          std::chrono::duration<double>(safe_s + latency_s + on_the_way_s + timeline.late_s() +
                                        2 * disk.late_s()));  // a checkpoint asks the disk twice
      const std::uint64_t good_by_then = timeline.good_at(killed_at - safe);
      const std::uint64_t came_in = good_by_then > good_before ? good_by_then - good_before : 0;
      INFO("kill " << i << ": " << came_in << " answers had been in for 250 ms");
      REQUIRE(answered_rows(disturbed) >= rows_before + came_in);
    }
    REQUIRE(answered_rows(disturbed) <
            question_count);  // else the test killed nothing that mattered
    REQUIRE(exit_status(world.start(server.base_url(), disturbed)) == 0);
  }
  const std::string quiet = world.folder.path() / "quiet.db";
  {
    MockServerOptions options = world.faulty_server();
    options.latency_s = 0;
    const MockServer server(options);
    REQUIRE(exit_status(world.start(server.base_url(), quiet)) == 0);
  }
  const Reader reader(disturbed);
  CHECK(reader.runs().size() == 1);
  CHECK(reader.run("last").finished_at.has_value());
  CHECK(answered_rows(disturbed) == question_count);
  CHECK(score_of(disturbed) == score_of(quiet));
}
