// How long a report over many samples takes, and how much memory.
//   bench_report make FILE [QUESTIONS] [SAMPLES]   writes a results file: 15,625 x 64 by default
//   bench_report report FILE OUT                   writes OUT, prints seconds and peak memory
#include "reports/report.h"

#include <chrono>
#include <cstdio>
#include <iostream>
#include <random>
#include <string>
#include <vector>

#include <fmt/core.h>
#include <sys/resource.h>

#include "harness/clock.h"
#include "harness/error.h"
#include "harness/reader.h"
#include "harness/store.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

SampleRecord made_up_sample(std::mt19937_64& random, const RunRecord& run, int position,
                            int sample_index) {
  std::uniform_real_distribution<double> uniform(0, 1);
  std::exponential_distribution<double> exponential(1);
  SampleRecord sample;
  sample.key = {.run_id = run.id, .position = position, .sample_index = sample_index};
  sample.prompt_hash = fmt::format("{:064x}", position);
  sample.answered_at = run.started_at + position;
  Response& response = sample.response;
  response.timings = {.latency_s = 1 + exponential(random), .ttft_s = 0.1 * exponential(random)};
  if (uniform(random) < 0.01) {
    response.failure = Failure::overloaded;
    response.error = "HTTP 429: too many requests";
    response.http_status = 429;
    sample.verdict.label = "failed";
    return sample;
  }
  const bool right = uniform(random) < 0.7;
  const int answer = static_cast<int>(uniform(random) * 100'000);
  response.finish = Finish::stop;
  response.text =
      fmt::format("There are {} of them at first, and a third leave.\n#### {}", answer, answer);
  for (int i = 0; i < 6; ++i) {
    response.reasoning += "Let me think about that again, step by step, before I answer. ";
  }
  response.usage = {
      .prompt_tokens = 120, .completion_tokens = 90 + answer / 1000, .reasoning_tokens = 80};
  sample.cost_usd = 0.0001;
  sample.verdict = {.value = right ? 1.0 : 0.0,
                    .label = right ? "correct" : "wrong",
                    .extracted = std::to_string(answer),
                    .vote = right ? "42" : std::to_string(answer % 7),
                    .reason = "the last number after ####",
                    .readings = {{"lm-eval-strict", right ? 1.0 : 0.0, std::to_string(answer)},
                                 {"lm-eval-flexible", 1.0, std::to_string(answer)}}};
  return sample;
}

void make(const std::string& path, int questions, int samples) {
  Store store(path);
  RunRecord run{.identity = "bench",
                .suite = "math/made-up",
                .prompt_template = "zero-shot-chat",
                .convention = "openai-gsm8k",
                .model = "openai:made-up",
                .backend_json = "{}",
                .sampling_json = R"({"temperature":0.6})",
                .samples = samples,
                .questions = questions,
                .program = "bench",
                .command = "bench_report make"};
  run.machine_id = store.put_machine(R"({"processor":"made up"})");
  run.started_at = seconds_since_1970();
  run = store.open_run(run, true);
  std::vector<Question> asked;
  for (int i = 0; i < questions; ++i) {
    asked.push_back(
        {.id = fmt::format("{:07}", i),
         .text = fmt::format("There are {} ducks on the pond. A third leave. How many stay?", i),
         .gold = "42",
         .tags = {{"level", std::to_string(i % 5 + 1)},
                  {"theme", i % 2 == 0 ? "ducks" : "geese"}}});
  }
  const std::vector<std::int64_t> ids = store.put_questions(run.suite, asked);
  std::mt19937_64 random(1);
  for (int position = 0; position < questions; ++position) {
    const std::string prompt = R"({"messages":[{"role":"user","content":")" +
                               asked[static_cast<std::size_t>(position)].text + "\"}]}";
    for (int index = 0; index < samples; ++index) {
      SampleRecord sample = made_up_sample(random, run, position, index);
      sample.question_id = ids[static_cast<std::size_t>(position)];
      store.put(std::move(sample), prompt);
    }
  }
  store.finish_run(run.id, 1000);
}

void report(const std::string& path, const std::string& out) {
  const SteadyTime start = steady_now();
  const Reader reader(path);
  write_report_file(reader, {.db = path, .out = out});
  const double seconds = seconds_between(start, steady_now());
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  fmt::print("{}: {:.2f} s, {:.0f} MiB\n", out, seconds,
             static_cast<double>(usage.ru_maxrss) / 1024);
}

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string> arguments(argv + 1, argv + argc);
  try {
    if (arguments.size() >= 2 && arguments[0] == "make") {
      make(arguments[1], arguments.size() > 2 ? std::stoi(arguments[2]) : 15'625,
           arguments.size() > 3 ? std::stoi(arguments[3]) : 64);
    } else if (arguments.size() == 3 && arguments[0] == "report") {
      report(arguments[1], arguments[2]);
    } else {
      fmt::print(stderr, "usage: bench_report make FILE [QUESTIONS] [SAMPLES] | report FILE OUT\n");
      return 2;
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
