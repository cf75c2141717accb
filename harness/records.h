// The rows of the results file as values; harness/schema.sql says what each column means.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/prompt.h"
#include "harness/response.h"
#include "harness/suite.h"

namespace assay {

struct RunRecord {
  std::int64_t id = 0;
  std::string identity;
  std::string name;  // empty: none given
  std::string suite;
  int suite_version = 1;
  std::string prompt_template;
  std::string convention;
  std::string model;
  std::string backend_json;
  std::string sampling_json;
  int samples = 1;
  int questions = 0;
  std::string questions_hash;
  std::int64_t machine_id = 0;
  std::string program;
  std::string command;
  double started_at = 0;
  std::optional<double> finished_at;
  double active_s = 0;
};

struct SampleKey {
  std::int64_t run_id = 0;
  int position = 0;
  int sample_index = 0;
  auto operator<=>(const SampleKey&) const = default;
};

using CacheKey = std::array<unsigned char, 16>;

// A sample as it is written: once, when it has been answered (or has failed) and been judged.
struct SampleRecord {
  SampleKey key;
  std::int64_t question_id = 0;
  std::string prompt_hash;
  CacheKey cache_key{};
  bool from_cache = false;
  Response response;
  Verdict verdict;
  std::optional<double> cost_usd;
  double answered_at = 0;
};

// What a report counts of a sample. The texts are only valid during the visit that shows them.
struct SampleFigures {
  int position = 0;
  int sample_index = 0;
  bool from_cache = false;
  Finish finish = Finish::failed;
  Failure failure = Failure::none;
  std::optional<double> value;
  std::string_view label;
  Usage usage;
  Timings timings;
  std::optional<double> cost_usd;
  std::string_view vote;
  std::string_view readings_json;
};

struct QuestionRecord {
  std::int64_t id = 0;
  std::string suite;
  std::string key;
  std::string text;
  std::string gold;
  std::map<std::string, std::string> tags;
};

struct MachineRecord {
  std::int64_t id = 0;
  std::string description_json;
};

struct MeasurementRecord {
  std::int64_t id = 0;
  std::int64_t machine_id = 0;
  std::string name;
  std::string case_json;
  std::string unit;
  std::optional<double> value;
  std::optional<double> interval_low;
  std::optional<double> interval_high;
  int repetitions = 0;
  std::optional<double> ceiling;
  std::string ceiling_source;
  std::string skipped;
  std::string program;
  double measured_at = 0;
};

}  // namespace assay
