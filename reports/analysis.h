// What there is to say of a run, as values: every renderer prints these and computes nothing.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/reader.h"
#include "harness/statistics.h"
#include "reports/experts.h"

namespace assay {

using Counts = std::map<std::string, std::int64_t, std::less<>>;

// One group of questions: those whose tag `key` has this value.
struct TagScore {
  std::string value;
  std::optional<Score> score;
  std::int64_t questions_unscored = 0;
};

// The same answers judged by another convention, over the samples that it judged.
struct ReadingScore {
  std::string convention;
  std::optional<Score> score;
  std::int64_t only_right_here = 0;   // samples right by it and wrong by the run's own convention
  std::int64_t only_right_there = 0;  // the other way round
};

// A figure that each sample may have: a time, a speed, a number of tokens.
struct Metric {
  std::string name;        // "TTFT"
  std::string definition;  // the formula in words
  std::string unit;        // "s", "tokens/s", "tokens"
  std::int64_t n = 0;      // samples that have it
  double mean = 0;
  double sum = 0;
  std::vector<Quantile> quantiles;  // p50, p90, p99, and 1 for the largest
  std::vector<std::int64_t> bins;   // counts of equal bins from 0 to bins_end
  double bins_end = 0;              // p99 or what lies above it; the rest is in the last bin
};

enum class SampleClass : std::uint8_t { wrong, failed, unscored, right };

// Which samples a page shows, where it cannot show all.
struct SampleChoice {
  std::vector<SampleKey> keys;  // in order of class, then position
  std::map<SampleClass, std::int64_t> shown;
  std::map<SampleClass, std::int64_t> there;
};

struct RunAnalysis {
  RunRecord run;
  MachineRecord machine;
  std::int64_t samples_expected = 0;
  std::int64_t samples = 0;     // in the file
  std::int64_t failed = 0;      // no answer came: never counted as wrong
  std::int64_t unscored = 0;    // an answer came, and no verdict: undecided, no gold
  std::int64_t from_cache = 0;  // their timings are another run's and are left out
  std::int64_t retried = 0;     // needed more than one attempt
  ScoreSummary score;
  std::vector<ReadingScore> readings;
  std::map<std::string, std::vector<TagScore>> tags;
  std::int64_t tag_values_left_out = 0;  // values beyond tag_values_max of a key
  Counts failures;                       // by kind
  Counts finishes;
  Counts labels;  // kinds of verdict
  std::vector<Metric> times;
  std::vector<Metric> tokens;
  std::optional<double> cost_usd;  // of the samples that have a price
  std::int64_t samples_priced = 0;
  SampleChoice choice;
  std::optional<ExpertLoad> experts;  // of a run of the built-in engine

  bool is_mock() const { return run.model.starts_with("mock:"); }
  bool is_replay() const { return run.model.starts_with("replay:"); }
  bool is_finished() const { return run.finished_at.has_value(); }
};

struct AnalysisLimits {
  std::size_t samples_shown = 2000;  // SampleChoice::keys
};

constexpr std::size_t tag_values_max = 200;  // of one key
constexpr std::size_t labels_max = 50;

// One pass over the run's figures and one over its tags. Memory: some 100 bytes a sample.
RunAnalysis analyse_run(const Reader& reader, const RunRecord& run, const AnalysisLimits& limits);

std::string_view to_text(SampleClass which);

}  // namespace assay
