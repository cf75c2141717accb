#include "harness/rows.h"

#include <algorithm>
#include <cstring>

#include <SQLiteCpp/Column.h>
#include <SQLiteCpp/Statement.h>

#include "harness/codec.h"

namespace assay {

// clang-format off
const std::string_view run_columns =
    "run.id, identity, name, suite, suite_version, prompt_template, convention, model, backend_json, sampling_json, "
    "samples, questions, questions_hash, machine_id, program, command, started_at, finished_at, active_s";
const std::string_view sample_columns =
    "run_id, position, sample_index, question_id, prompt_hash, cache_key, from_cache, finish, failure, http_status, "
    "value, label, prompt_tokens, completion_tokens, reasoning_tokens, cached_tokens, cost_usd, latency_s, waited_s, "
    "ttft_s, first_answer_s, attempts, answered_at";
const std::string_view answer_columns =
    "response, reasoning, error, served_model, extracted, vote, reason, readings_json, logprobs_json, details_json";
const std::string_view measurement_columns =
    "id, machine_id, name, case_json, unit, value, interval_low, interval_high, repetitions, ceiling, ceiling_source, "
    "skipped, program, measured_at";
// clang-format on

namespace {

constexpr int sample_column_count = 23;

// Reads the columns of a row from left to right.
class Columns {
 public:
  explicit Columns(SQLite::Statement& row, int first = 0) : row_(row), next_(first) {}

  std::string text() { return row_.getColumn(next_++).getString(); }
  int integer() { return row_.getColumn(next_++).getInt(); }
  std::int64_t id() { return row_.getColumn(next_++).getInt64(); }
  double real() { return row_.getColumn(next_++).getDouble(); }
  std::optional<int> maybe_integer() {
    return maybe([](const SQLite::Column& c) { return c.getInt(); });
  }
  std::optional<double> maybe_real() {
    return maybe([](const SQLite::Column& c) { return c.getDouble(); });
  }
  SQLite::Column raw() { return row_.getColumn(next_++); }

 private:
  template <class F>
  auto maybe(const F& read) -> std::optional<decltype(read(std::declval<SQLite::Column>()))> {
    const SQLite::Column column = row_.getColumn(next_++);
    if (column.isNull()) {
      return std::nullopt;
    }
    return read(column);
  }

  SQLite::Statement& row_;
  int next_;
};

}  // namespace

RunRecord read_run(SQLite::Statement& row) {
  Columns columns(row);
  RunRecord run;
  run.id = columns.id();
  run.identity = columns.text();
  run.name = columns.text();
  run.suite = columns.text();
  run.suite_version = columns.integer();
  run.prompt_template = columns.text();
  run.convention = columns.text();
  run.model = columns.text();
  run.backend_json = columns.text();
  run.sampling_json = columns.text();
  run.samples = columns.integer();
  run.questions = columns.integer();
  run.questions_hash = columns.text();
  run.machine_id = columns.id();
  run.program = columns.text();
  run.command = columns.text();
  run.started_at = columns.real();
  run.finished_at = columns.maybe_real();
  run.active_s = columns.real();
  return run;
}

SampleRecord read_sample(SQLite::Statement& row) {
  Columns columns(row);
  SampleRecord sample;
  sample.key = {
      .run_id = columns.id(), .position = columns.integer(), .sample_index = columns.integer()};
  sample.question_id = columns.id();
  sample.prompt_hash = columns.text();
  const SQLite::Column key = columns.raw();
  std::memcpy(sample.cache_key.data(), key.getBlob(),
              std::min(sample.cache_key.size(), static_cast<std::size_t>(key.getBytes())));
  sample.from_cache = columns.integer() != 0;
  Response& response = sample.response;
  response.finish = parse_finish(columns.text());
  response.failure = parse_failure(columns.text());
  response.http_status = columns.integer();
  sample.verdict.value = columns.maybe_real();
  sample.verdict.label = columns.text();
  response.usage.prompt_tokens = columns.maybe_integer();
  response.usage.completion_tokens = columns.maybe_integer();
  response.usage.reasoning_tokens = columns.maybe_integer();
  response.usage.cached_tokens = columns.maybe_integer();
  sample.cost_usd = columns.maybe_real();
  response.timings.latency_s = columns.real();
  response.timings.waited_s = columns.real();
  response.timings.ttft_s = columns.maybe_real();
  response.timings.first_answer_s = columns.maybe_real();
  response.timings.attempts = columns.integer();
  sample.answered_at = columns.real();
  return sample;
}

void read_answer(SQLite::Statement& row, SampleRecord& sample) {
  Columns columns(row, sample_column_count);
  sample.response.text = columns.text();
  sample.response.reasoning = columns.text();
  sample.response.error = columns.text();
  sample.response.served_model = columns.text();
  sample.verdict.extracted = columns.text();
  sample.verdict.vote = columns.text();
  sample.verdict.reason = columns.text();
  sample.verdict.readings = parse_readings(columns.text());
  sample.response.logprobs = parse_logprobs(columns.text());
  sample.response.details = columns.text();
}

MeasurementRecord read_measurement(SQLite::Statement& row) {
  Columns columns(row);
  MeasurementRecord measurement;
  measurement.id = columns.id();
  measurement.machine_id = columns.id();
  measurement.name = columns.text();
  measurement.case_json = columns.text();
  measurement.unit = columns.text();
  measurement.value = columns.maybe_real();
  measurement.interval_low = columns.maybe_real();
  measurement.interval_high = columns.maybe_real();
  measurement.repetitions = columns.integer();
  measurement.ceiling = columns.maybe_real();
  measurement.ceiling_source = columns.text();
  measurement.skipped = columns.text();
  measurement.program = columns.text();
  measurement.measured_at = columns.real();
  return measurement;
}

}  // namespace assay
