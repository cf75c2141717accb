// A results file with two runs, made up for the tests of reports: every kind of sample, and model
// output that tries to break out of every format.
#pragma once

#include <string>

#include <fmt/core.h>

#include "harness/store.h"
#include "tests/scratch.h"

namespace assay {

inline const std::string hostile =
    "</script><script>document.title='owned'</script><img src=x onerror=\"document.title='owned'\">"
    "{{model}} & 'quotes' \"too\" \xE2\x80\xA8 \x1B]0;owned\x07 \xE2\x80\xAE reversed \xFF broken";

class MadeUpRuns {
 public:
  MadeUpRuns() {
    Store store(path());
    const std::int64_t machine =
        store.put_machine(R"({"processor":"made up","cores":2,"memory_bytes":8589934592})");
    write_run(store, machine, "deepseek:deepseek-reasoner", 4);
    write_run(store, machine, "mock:", 1);
    store.flush();
  }

  std::string path() const { return folder_.path() / "runs.db"; }
  std::string out(const std::string& name) const { return folder_.path() / name; }

  static constexpr int questions = 12;

 private:
  static void write_run(Store& store, std::int64_t machine, const std::string& model, int samples);
  static SampleRecord sample(const RunRecord& run, int position, int index);

  ScratchFolder folder_;
};

inline SampleRecord MadeUpRuns::sample(const RunRecord& run, int position, int index) {
  SampleRecord sample;
  sample.key = {.run_id = run.id, .position = position, .sample_index = index};
  sample.prompt_hash = fmt::format("prompt {}", position);
  sample.answered_at = run.started_at + 10;
  Response& response = sample.response;
  response.timings = {.latency_s = 1.5 + 0.1 * position + index, .ttft_s = 0.2 + 0.01 * position};
  if (position == 3) {  // no answer at all
    response.failure = Failure::overloaded;
    response.http_status = 429;
    response.error = "too many requests " + hostile;
    response.timings.attempts = 6;
    sample.verdict.label = "failed";
    return sample;
  }
  const bool right = (position + index) % 3 != 0;
  response.finish = position == 5 ? Finish::length : Finish::stop;
  response.text = position == 0 ? hostile
                                : fmt::format("Half of {} is {}.\n#### {}", 2 * position, position,
                                              right ? position : position + 1);
  response.reasoning = fmt::format("First I halve {}. Then I say so.", 2 * position);
  response.usage = {.prompt_tokens = 80,
                    .completion_tokens = 40 + position,
                    .reasoning_tokens = 20,
                    .cached_tokens = 64};
  response.served_model = "served " + hostile;
  sample.cost_usd = 0.0002;
  if (position == 7) {
    sample.verdict = {.label = "undecided", .reason = "no reference answer"};
    return sample;
  }
  const std::string found = std::to_string(right ? position : position + 1);
  sample.verdict = {
      .value = right ? 1.0 : 0.0,
      .label = right ? "correct" : "wrong",
      .extracted = position == 0 ? "=1+1 " + hostile : found,
      .vote = found,
      .reason = "what follows the last ####",
      .readings = {{"lm-eval-strict", right ? 1.0 : 0.0, found}, {"lm-eval-flexible", 1.0, found}}};
  return sample;
}

inline void MadeUpRuns::write_run(Store& store, std::int64_t machine, const std::string& model,
                                  int samples) {
  RunRecord run;
  run.identity = "0123456789abcdef " + model;
  run.suite = "math/gsm8k";
  run.prompt_template = "zero-shot-chat";
  run.convention = "openai-gsm8k";
  run.model = model;
  run.backend_json = R"({"base_url":"https://api.example.com/v1"})";
  run.sampling_json = R"({"max_tokens":2048,"temperature":0.6,"top_p":0.95})";
  run.samples = samples;
  run.questions = questions;
  run.questions_hash = "fedcba9876543210";
  run.machine_id = machine;
  run.program = "assay 0.1.0";
  run.command = "assay run math/gsm8k --model " + model;
  run.started_at = 1'760'000'000;
  run = store.open_run(run, true);
  std::vector<Question> asked;
  for (int i = 0; i < questions; ++i) {
    asked.push_back({.id = fmt::format("q{}", i),
                     .text = i == 0 ? hostile : fmt::format("What is half of {}?", 2 * i),
                     .gold = std::to_string(i),
                     .tags = {{"level", std::to_string(i % 3)}, {"theme <b>", hostile}}});
  }
  const std::vector<std::int64_t> ids = store.put_questions(run.suite, asked);
  for (int position = 0; position < questions; ++position) {
    const std::string body =
        position == 0 ? R"({"messages":[{"role":"user","content":"</script><b>What?"}]})"
                      : fmt::format(R"({{"messages":[{{"role":"user","content":"Half of {}?"}}]}})",
                                    2 * position);
    for (int index = 0; index < samples; ++index) {
      SampleRecord record = sample(run, position, index);
      record.question_id = ids[static_cast<std::size_t>(position)];
      store.put(record, body);
    }
  }
  store.finish_run(run.id, 42);
}

}  // namespace assay
