#include <algorithm>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "reports/escape.h"
#include "reports/format.h"
#include "reports/html_data.h"

namespace assay {

namespace {

using List = PageData;

PageData make_list() {
  return PageData(PageData::type::list);
}

PageData named(std::string_view name, std::string_view value) {
  PageData data;
  set_text(data, "name", name);
  set_text(data, "value", value);
  return data;
}

PageData fact(std::string_view name, std::string_view value, std::string_view small = "") {
  PageData data = named(name, value);
  if (!small.empty()) {
    set_text(data, "small", small);
  }
  return data;
}

PageData score_row(std::string_view name, const std::optional<Score>& score,
                   std::string_view note) {
  PageData row;
  set_text(row, "name", name);
  set_score(row, score);
  set_text(row, "questions", score ? format_count(score->questions) : "0");
  set_text(row, "samples", score ? format_count(score->samples) : "0");
  set_text(row, "note", note);
  return row;
}

PageData scores_of(const RunAnalysis& run) {
  PageData rows = make_list();
  std::string note =
      run.run.samples > 1 ? fmt::format("mean of {} samples a question", run.run.samples) : "";
  if (run.score.questions_unscored > 0) {
    note += fmt::format("{}{} questions without a verdict are left out", note.empty() ? "" : "; ",
                        format_count(run.score.questions_unscored));
  }
  rows.push_back(score_row(fmt::format("Score, by {}", run.run.convention), run.score.mean, note));
  for (const PassAt& pass : run.score.pass_at) {
    const std::string short_note =
        pass.questions_short == 0
            ? ""
            : fmt::format("{} questions have fewer than {} scored samples and are left out",
                          format_count(pass.questions_short), pass.k);
    rows.push_back(score_row(fmt::format("pass@{}", pass.k), pass.score, short_note));
  }
  if (run.score.consensus) {
    rows.push_back(score_row(consensus_name(run), run.score.consensus,
                             "majority vote; ties share the credit"));
  }
  for (const ReadingScore& reading : run.readings) {
    PageData row = score_row(
        reading.convention, reading.score,
        fmt::format("the same answers by another convention: {} right only by it, {} only by {}",
                    format_count(reading.only_right_here), format_count(reading.only_right_there),
                    run.run.convention));
    row.set("reading", true);
    rows.push_back(row);
  }
  return rows;
}

PageData tags_of(const RunAnalysis& run) {
  PageData tags = make_list();
  for (const auto& [key, values] : run.tags) {
    PageData tag;
    set_text(tag, "key", key);
    PageData rows = make_list();
    constexpr std::size_t rows_max = 60;
    for (std::size_t i = 0; i < std::min(values.size(), rows_max); ++i) {
      PageData row;
      set_text(row, "value",
               values[i].value.empty() ? "(empty)" : bounded_text(values[i].value, 200));
      set_score(row, values[i].score);
      set_text(row, "questions", values[i].score ? format_count(values[i].score->questions) : "0");
      rows.push_back(row);
    }
    tag.set("values", rows);
    if (values.size() > rows_max || values.size() >= tag_values_max) {
      set_text(tag, "left_out",
               fmt::format("The first {} of {}{} values.", rows_max, values.size(),
                           values.size() >= tag_values_max ? " or more" : ""));
    }
    tags.push_back(tag);
  }
  return tags;
}

std::string with_unit(double value, const std::string& unit) {
  return unit == "s" ? format_seconds(value) : format_number(value);
}

PageData times_of(const RunAnalysis& run) {
  PageData rows = make_list();
  for (const Metric& metric : run.times) {
    if (metric.n == 0) {
      continue;
    }
    PageData row;
    set_text(row, "name", metric.unit == "s" ? metric.name : metric.name + ", " + metric.unit);
    set_text(row, "definition", metric.definition);
    set_text(row, "n", format_count(metric.n));
    PageData quantiles = make_list();
    for (const Quantile& quantile : metric.quantiles) {
      PageData cell;
      set_text(cell, "value", with_unit(quantile.value, metric.unit));
      if (quantile.interval) {
        set_text(cell, "range",
                 fmt::format("{} – {}", with_unit(quantile.interval->low, metric.unit),
                             with_unit(quantile.interval->high, metric.unit)));
      }
      quantiles.push_back(cell);
    }
    row.set("quantiles", quantiles);
    rows.push_back(row);
  }
  return rows;
}

PageData tokens_of(const RunAnalysis& run) {
  PageData rows = make_list();
  for (const Metric& metric : run.tokens) {
    if (metric.n == 0) {
      continue;
    }
    PageData row;
    set_text(row, "name", metric.name);
    set_text(row, "definition", metric.definition);
    set_text(row, "n", format_count(metric.n));
    set_text(row, "sum", format_number(metric.sum));
    set_text(row, "mean", format_number(metric.mean));
    set_text(row, "p50", format_number(metric.quantiles[0].value));
    set_text(row, "p99", format_number(metric.quantiles[2].value));
    set_text(row, "max", format_number(metric.quantiles[3].value));
    rows.push_back(row);
  }
  return rows;
}

PageData ending(std::string_view title, const Counts& counts, std::int64_t of) {
  PageData table;
  set_text(table, "title", title);
  PageData rows = make_list();
  for (const auto& [name, count] : counts) {
    PageData row;
    set_text(row, "name", name.empty() ? "(none)" : name);
    set_text(row, "count", format_count(count));
    set_text(row, "share",
             of > 0 ? format_percent(static_cast<double>(count) / static_cast<double>(of)) : "–");
    rows.push_back(row);
  }
  table.set("rows", rows);
  table.set("has_rows", !counts.empty());
  return table;
}

PageData published_of(const ReportContext& context, const RunAnalysis& run) {
  PageData rows = make_list();
  for (const PublishedModel& model : context.published.of_suite(run.run.suite)) {
    for (const PublishedFigure& figure : model.figures) {
      PageData row;
      set_text(row, "model", model.model);
      set_text(row, "metric", model.metric);
      row.set("conflicting", model.conflicting);
      set_text(row, "value", figure.value + (figure.unit == "percent" ? " %" : " " + figure.unit));
      set_text(row, "protocol", figure.protocol.empty() ? "not stated" : figure.protocol);
      set_text(row, "source", figure.source);
      if (!figure.note.empty()) {
        set_text(row, "note", figure.note);
      }
      rows.push_back(row);
    }
  }
  return rows;
}

std::string pretty_json(const std::string& text) {
  const nlohmann::json json = nlohmann::json::parse(text, nullptr, false);
  return json.is_discarded() ? text
                             : json.dump(2, ' ', false, nlohmann::json::error_handler_t::replace);
}

PageData identity_of(const RunRecord& run) {
  PageData rows = make_list();
  rows.push_back(named("Run", std::to_string(run.id) + (run.name.empty() ? "" : ", " + run.name)));
  rows.push_back(named("Identity", run.identity));
  rows.push_back(named("Suite", fmt::format("{}, version {}", run.suite, run.suite_version)));
  rows.push_back(named("Prompt template", run.prompt_template));
  rows.push_back(named("Convention", run.convention));
  rows.push_back(named("Model", run.model));
  rows.push_back(named("Backend", pretty_json(run.backend_json)));
  rows.push_back(named("Sampling", pretty_json(run.sampling_json)));
  rows.push_back(named("Samples a question", std::to_string(run.samples)));
  rows.push_back(named("Questions", format_count(run.questions)));
  rows.push_back(named("Questions’ hash", run.questions_hash));
  rows.push_back(named("Program", run.program));
  rows.push_back(named("Command", run.command));
  rows.push_back(named("Started", format_time(run.started_at)));
  rows.push_back(named("Finished", run.finished_at ? format_time(*run.finished_at) : "not yet"));
  rows.push_back(named("Active", format_seconds(run.active_s)));
  return rows;
}

PageData machine_of(const MachineRecord& machine) {
  PageData rows = make_list();
  const nlohmann::json json = nlohmann::json::parse(machine.description_json, nullptr, false);
  if (!json.is_object()) {
    rows.push_back(named("Description", machine.description_json));
    return rows;
  }
  for (const auto& [key, value] : json.items()) {
    rows.push_back(named(key, value.is_string()
                                  ? value.get<std::string>()
                                  : value.dump(value.is_structured() ? 2 : -1, ' ', false,
                                               nlohmann::json::error_handler_t::replace)));
  }
  return rows;
}

std::string speed_text(const RunAnalysis& run) {
  const double output = run.tokens[2].sum;
  return run.run.active_s > 0 && output > 0
             ? fmt::format("{} output tokens/s in all", format_number(output / run.run.active_s))
             : "";
}

PageData facts_of(const RunAnalysis& run) {
  PageData facts = make_list();
  const std::string k = run.run.samples == 1
                            ? "one sample each"
                            : fmt::format("{} samples each", format_count(run.run.samples));
  facts.push_back(fact("Questions", format_count(run.run.questions), k));
  facts.push_back(fact("Scored samples", format_count(run.samples - run.failed - run.unscored),
                       fmt::format("of {}", format_count(run.samples_expected))));
  facts.push_back(fact("Failed requests", format_count(run.failed),
                       run.failed > 0 ? "left out of the score" : ""));
  if (run.unscored > 0) {
    facts.push_back(fact("Without a verdict", format_count(run.unscored), "left out of the score"));
  }
  if (run.from_cache > 0) {
    facts.push_back(fact("From an earlier run", format_count(run.from_cache), "answers reused"));
  }
  facts.push_back(fact("Convention", run.run.convention, run.run.prompt_template));
  facts.push_back(
      fact("Cost", run.cost_usd ? format_usd(*run.cost_usd) : "unknown",
           run.cost_usd && run.samples_priced < run.samples
               ? fmt::format("of {} samples with a price", format_count(run.samples_priced))
               : ""));
  facts.push_back(fact("Time", format_seconds(run.run.active_s), speed_text(run)));
  facts.push_back(fact("Started", format_time(run.run.started_at), run.run.program));
  return facts;
}

std::string cut_note(const Metric& metric) {
  return metric.n >= 100 ? "the slowest or longest 1 % stand in the last bar" : "";
}

// The row of the run in the summary at the top.
void set_summary(PageData& data, const RunAnalysis& run) {
  set_text(data, "n_text",
           fmt::format("{} × {}", format_count(run.run.questions), run.run.samples));
  std::string pass;
  if (run.run.samples > 1 && !run.score.pass_at.empty()) {
    const PassAt& last = run.score.pass_at.back();
    pass = fmt::format("{} (k={})", format_percent_or_dash(last.score), last.k);
  }
  set_text(data, "pass_text", pass.empty() ? "–" : pass);
  set_text(data, "cons_text",
           run.score.consensus ? fmt::format("{} (k={})", format_percent(run.score.consensus->mean),
                                             run.run.samples)
                               : "–");
  set_text(data, "failed_text", format_count(run.failed));
  const Metric& latency = run.times[0];
  set_text(data, "latency_text", latency.n > 0 ? format_seconds(latency.quantiles[0].value) : "–");
  set_text(data, "cost_text", run.cost_usd ? format_usd(*run.cost_usd) : "unknown");
}

}  // namespace

void set_score(PageData& data, const std::optional<Score>& score) {
  set_text(data, "score", format_percent_or_dash(score));
  set_text(data, "interval", score ? format_interval(score->interval) : "nothing scored");
  if (!score) {
    data.set("whisker", false);  // or the template would look for one further out
    return;
  }
  PageData whisker;
  const Interval& interval = score->interval;
  whisker.set("low", fmt::format("{:.2f}", interval.low * 100));
  whisker.set("width", fmt::format("{:.2f}", (interval.high - interval.low) * 100));
  whisker.set("mean", fmt::format("{:.2f}", score->mean * 100));
  data.set("whisker", whisker);
}

PageData run_data(const ReportContext& context, const RunAnalysis& run) {
  PageData data;
  set_text(data, "id", std::to_string(run.run.id));
  set_text(data, "suite", run.run.suite);
  set_text(data, "suite_version", std::to_string(run.run.suite_version));
  set_text(data, "model", run.run.model);
  set_text(data, "convention", run.run.convention);
  if (!run.run.name.empty()) {
    set_text(data, "name", run.run.name);
  } else {
    data.set("name", false);
  }
  data.set("mock", run.is_mock());
  data.set("replay", run.is_replay());
  data.set("unfinished", !run.is_finished());
  set_text(data, "samples_text",
           fmt::format("{} of {}", format_count(run.samples - run.failed),
                       format_count(run.samples_expected)));
  set_score(data, run.score.mean);
  set_text(
      data, "interval_text",
      run.score.mean ? "95 %: " + format_interval(run.score.mean->interval) : "nothing scored");
  set_summary(data, run);
  data.set("facts", facts_of(run));
  data.set("scores", scores_of(run));
  data.set("has_tags", !run.tags.empty());
  data.set("tags", tags_of(run));
  data.set("has_times", run.times[0].n > 0);
  data.set("times", times_of(run));
  set_text(data, "times_note", timing_note(run));
  set_text(data, "latency_n", format_count(run.times[0].n));
  set_text(data, "latency_cut", cut_note(run.times[0]));
  data.set("has_tokens", run.tokens[0].n + run.tokens[2].n > 0);
  data.set("tokens", tokens_of(run));
  set_text(data, "tokens_n", format_count(run.tokens[2].n));
  set_text(data, "tokens_cut", cut_note(run.tokens[2]));
  set_text(data, "cost_note", price_note(context, run));
  PageData endings = make_list();
  endings.push_back(ending("Verdicts", run.labels, run.samples));
  endings.push_back(ending("Finish reasons", run.finishes, run.samples));
  endings.push_back(ending("Failures", run.failures, run.samples));
  data.set("endings", endings);
  const PageData published = published_of(context, run);
  data.set("has_published", published.is_non_empty_list());
  data.set("published", published);
  set_text(data, "own_protocol",
           fmt::format("{}, judged by {}; {}", run.run.prompt_template, run.run.convention,
                       bounded_text(run.run.sampling_json, 400)));
  data.set("identity", identity_of(run.run));
  data.set("machine", machine_of(run.machine));
  return data;
}

}  // namespace assay
