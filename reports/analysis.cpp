#include "reports/analysis.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <unordered_map>

#include "harness/codec.h"
#include "reports/choice.h"
#include "reports/readings.h"

namespace assay {

namespace {

constexpr std::size_t conventions_max = 16;
constexpr int bins_max = 40;
constexpr std::size_t label_bytes_max = 64;

// The values of one metric while they come in.
struct Gathered {
  const char* name;
  const char* definition;
  const char* unit;
  Distribution values;
  double sum = 0;

  void add(const std::optional<double>& value) {
    if (value) {
      values.add(*value);
      sum += *value;
    }
  }
};

// The next width of 1, 2 or 5 times a power of ten, so that the axis reads well.
double round_width(double width) {
  const double power = std::pow(10, std::floor(std::log10(width)));
  for (const double step : {1.0, 2.0, 5.0}) {
    if (width <= step * power) {
      return step * power;
    }
  }
  return 10 * power;
}

Metric finish(Gathered& gathered) {
  Metric metric{.name = gathered.name,
                .definition = gathered.definition,
                .unit = gathered.unit,
                .n = gathered.values.count(),
                .mean = gathered.values.mean().value_or(0),
                .sum = gathered.sum};
  if (metric.n == 0) {
    return metric;
  }
  for (const double q : {0.5, 0.9, 0.99, 1.0}) {
    metric.quantiles.push_back(*gathered.values.quantile(q));
  }
  // The slowest hundredth would press all others into one bar.
  const double end = metric.n >= 100 ? metric.quantiles[2].value : metric.quantiles[3].value;
  if (end <= 0) {
    return metric;
  }
  const double width = round_width(end / bins_max);
  const auto bins = static_cast<std::int64_t>(std::floor(end / width)) + 1;
  metric.bins_end = width * static_cast<double>(bins);
  std::int64_t before = 0;
  for (std::int64_t bin = 1; bin <= bins; ++bin) {
    const std::int64_t below =
        bin == bins ? metric.n : gathered.values.count_below(width * static_cast<double>(bin));
    metric.bins.push_back(below - before);
    before = below;
  }
  return metric;
}

struct Timing {
  Gathered latency{"Latency", "request sent to last byte, of the attempt that answered", "s"};
  Gathered waited{"Latency with waiting", "the same, with earlier attempts and back-off", "s"};
  Gathered ttft{"TTFT", "request sent to the first token of any kind (streamed answers)", "s"};
  Gathered first_answer{"Time to first answer token",
                        "request sent to the first token that is not reasoning (streamed answers)",
                        "s"};
  Gathered tpot{"TPOT", "(latency − TTFT) / (output tokens − 1)", "s"};
  Gathered speed{"Speed of one answer", "output tokens / latency", "tokens/s"};

  void add(const SampleFigures& sample) {
    const Timings& t = sample.timings;
    latency.add(t.latency_s);
    waited.add(t.latency_s + t.waited_s);
    ttft.add(t.ttft_s);
    first_answer.add(t.first_answer_s);
    const std::optional<int>& output = sample.usage.completion_tokens;
    if (output && *output > 1 && t.ttft_s) {
      tpot.add((t.latency_s - *t.ttft_s) / (*output - 1));
    }
    if (output && *output > 0 && t.latency_s > 0) {
      speed.add(*output / t.latency_s);
    }
  }
};

struct TokenCounts {
  Gathered prompt{"Prompt", "as the host counted them", "tokens"};
  Gathered cached{"Prompt, from the host's cache", "part of the prompt", "tokens"};
  Gathered output{"Output", "reasoning included", "tokens"};
  Gathered reasoning{"Reasoning", "part of the output", "tokens"};

  void add(const Usage& usage) {
    prompt.add(usage.prompt_tokens);
    cached.add(usage.cached_tokens);
    output.add(usage.completion_tokens);
    reasoning.add(usage.reasoning_tokens);
  }
};

// Another convention's verdicts.
struct ReadingTally {
  std::string convention;
  QuestionTally question;
  ScoreTally score;
  std::int64_t only_right_here = 0;
  std::int64_t only_right_there = 0;
};

// What the second pass needs of a question.
struct QuestionMean {
  double mean = 0;
  int scored = 0;
};

// What occurred, by its name.
template <class Kind, std::size_t n>
void set_counts(Counts& counts, const std::array<std::int64_t, n>& by_kind) {
  for (std::size_t i = 0; i < n; ++i) {
    if (by_kind[i] > 0) {
      counts[std::string(to_text(static_cast<Kind>(i)))] = by_kind[i];
    }
  }
}

class Analyst {
 public:
  Analyst(const Reader& reader, RunAnalysis& result, const AnalysisLimits& limits)
      : reader_(reader),
        result_(result),
        choice_(limits.samples_shown),
        score_(pass_at_choices(result.run.samples)) {}

  void analyse() {
    reader_.for_each_figures(result_.run.id, true,
                             [this](const SampleFigures& sample) { add(sample); });
    close_question();
    result_.score = score_.summary();
    set_counts<Finish>(result_.finishes, finishes_);
    set_counts<Failure>(result_.failures, failures_);
    for (ReadingTally& reading : readings_) {
      result_.readings.push_back({.convention = reading.convention,
                                  .score = reading.score.score(),
                                  .only_right_here = reading.only_right_here,
                                  .only_right_there = reading.only_right_there});
    }
    for (Gathered* metric : {&timing_.latency, &timing_.waited, &timing_.ttft,
                             &timing_.first_answer, &timing_.tpot, &timing_.speed}) {
      result_.times.push_back(finish(*metric));
      metric->values = Distribution();
    }
    if (result_.run.suite.starts_with("code/")) {
      result_.times.push_back(run_times());
    }
    for (Gathered* metric :
         {&tokens_.prompt, &tokens_.cached, &tokens_.output, &tokens_.reasoning}) {
      result_.tokens.push_back(finish(*metric));
      metric->values = Distribution();
    }
    result_.choice = choice_.choose(result_.run.id);
    score_by_tags();
  }

 private:
  void add(const SampleFigures& sample);
  void count_label(std::string_view label);

  // Of programs; it lies beside the texts, so only suites of code pay for the pass.
  Metric run_times() const {
    Gathered time{"Run time of right answers",
                  "processor time of the program while its test called it, or of the whole program",
                  "s"};
    reader_.for_each_answer(result_.run.id, [&](const SampleRecord& sample) {
      if (sample.verdict.value == 1.0) {
        time.add(run_time_in(sample.verdict.details));
      }
    });
    return finish(time);
  }

  void add_readings(const SampleFigures& sample);
  void close_question();
  void score_by_tags();

  const Reader& reader_;
  RunAnalysis& result_;
  Choice choice_;
  SummaryTally score_;
  QuestionTally question_;
  int position_ = -1;
  std::vector<QuestionMean> means_;
  std::vector<ReadingTally> readings_;
  Timing timing_;
  TokenCounts tokens_;
  std::array<std::int64_t, 4> finishes_{};  // by Finish
  std::array<std::int64_t, 5> failures_{};  // by Failure
};

SampleClass class_of(const SampleFigures& sample) {
  if (sample.finish == Finish::failed) {
    return SampleClass::failed;
  }
  if (!sample.value) {
    return SampleClass::unscored;
  }
  return *sample.value >= 1 ? SampleClass::right : SampleClass::wrong;
}

void Analyst::add(const SampleFigures& sample) {
  if (sample.position != position_) {
    close_question();
    position_ = sample.position;
  }
  const SampleClass which = class_of(sample);
  choice_.add(which, sample.position, sample.sample_index);
  ++result_.samples;
  ++finishes_[static_cast<std::size_t>(sample.finish)];
  result_.from_cache += sample.from_cache ? 1 : 0;
  result_.retried += sample.timings.attempts > 1 ? 1 : 0;
  const bool answered = which != SampleClass::failed;
  if (!answered) {
    ++result_.failed;
    ++failures_[static_cast<std::size_t>(sample.failure)];
  } else {
    result_.unscored += which == SampleClass::unscored ? 1 : 0;
    count_label(sample.label.substr(0, label_bytes_max));
    if (!sample.from_cache) {
      timing_.add(sample);
    }
    tokens_.add(sample.usage);
    add_readings(sample);
  }
  if (sample.cost_usd) {
    result_.cost_usd = result_.cost_usd.value_or(0) + *sample.cost_usd;
    ++result_.samples_priced;
  }
  question_.add(answered ? sample.value : std::nullopt, sample.vote);
}

void Analyst::count_label(std::string_view label) {
  auto found = result_.labels.find(label);
  if (found == result_.labels.end()) {
    const bool room = result_.labels.size() < labels_max;
    found = result_.labels.try_emplace(room ? std::string(label) : "(other)").first;
  }
  ++found->second;
}

void Analyst::add_readings(const SampleFigures& sample) {
  for_each_reading(sample.readings_json, [&](std::string_view name, std::optional<double> value) {
    if (name == result_.run.convention) {
      return;  // the run's own is the score
    }
    auto found = std::find_if(readings_.begin(), readings_.end(),
                              [&](const ReadingTally& r) { return r.convention == name; });
    if (found == readings_.end()) {
      if (readings_.size() == conventions_max) {
        return;
      }
      found = readings_.insert(readings_.end(), {.convention = std::string(name)});
    }
    found->question.add(value, "");
    if (value && sample.value) {
      found->only_right_here += *value >= 1 && *sample.value < 1 ? 1 : 0;
      found->only_right_there += *value < 1 && *sample.value >= 1 ? 1 : 0;
    }
  });
}

void Analyst::close_question() {
  if (position_ < 0 || question_.samples() == 0) {
    return;
  }
  score_.add(question_);
  for (ReadingTally& reading : readings_) {
    if (const std::optional<double> mean = reading.question.mean()) {
      reading.score.add(*mean, reading.question.scored());
    }
    reading.question.clear();
  }
  const auto at = static_cast<std::size_t>(position_);
  if (at >= means_.size()) {
    means_.resize(at + 1);
  }
  means_[at] = {.mean = question_.mean().value_or(0),
                .scored = static_cast<int>(question_.scored())};
  question_.clear();
}

void Analyst::score_by_tags() {
  struct Group {
    ScoreTally score;
    std::int64_t questions_unscored = 0;
  };
  std::map<std::string, std::map<std::string, Group>> groups;
  using Groups = std::vector<Group*>;
  // Tags repeat from question to question: a text that was seen leads straight to its groups.
  constexpr std::size_t known_max = 10'000;
  std::unordered_map<std::string, Groups> known;
  const auto groups_of = [&](std::string_view tags_json) {
    Groups found;
    for (const auto& [key, value] : parse_tags(tags_json)) {
      auto& values = groups[key];
      if (values.size() >= tag_values_max && !values.contains(value)) {
        ++result_.tag_values_left_out;
        continue;
      }
      found.push_back(&values[value]);
    }
    return found;
  };
  reader_.for_each_tags(result_.run.id, [&](int position, std::string_view tags_json) {
    if (known.size() > known_max) {
      known.clear();
    }
    auto [entry, is_new] = known.try_emplace(std::string(tags_json));
    if (is_new) {
      entry->second = groups_of(tags_json);
    }
    // A run that goes on while it is read may have questions that the first pass did not see.
    const auto at = static_cast<std::size_t>(position);
    const QuestionMean question = at < means_.size() ? means_[at] : QuestionMean{};
    for (Group* group : entry->second) {
      if (question.scored > 0) {
        group->score.add(question.mean, question.scored);
      } else {
        ++group->questions_unscored;
      }
    }
  });
  for (const auto& [key, values] : groups) {
    for (const auto& [value, group] : values) {
      result_.tags[key].push_back({.value = value,
                                   .score = group.score.score(),
                                   .questions_unscored = group.questions_unscored});
    }
  }
}

}  // namespace

RunAnalysis analyse_run(const Reader& reader, const RunRecord& run, const AnalysisLimits& limits) {
  RunAnalysis result;
  result.run = run;
  result.machine = reader.machine(run.machine_id);
  result.samples_expected = std::int64_t{run.questions} * run.samples;
  Analyst(reader, result, limits).analyse();
  result.experts = expert_load(reader, run);
  return result;
}

std::string_view to_text(SampleClass which) {
  constexpr std::array<std::string_view, 4> names = {"wrong", "failed", "unscored", "right"};
  return names[static_cast<std::size_t>(which)];
}

}  // namespace assay
