#include <ostream>

#include <fmt/core.h>

#include "reports/censorship.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/render.h"
#include "reports/second_opinion.h"

namespace assay {

namespace {

using Cells = std::vector<std::string>;

// Escapes every cell.
void write_row(std::ostream& out, const Cells& cells) {
  for (const std::string& cell : cells) {
    out << "| " << markdown_text(cell) << ' ';
  }
  out << "|\n";
}

void write_header(std::ostream& out, const Cells& cells) {
  write_row(out, cells);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << (i == 0 ? "|---" : "|---:");
  }
  out << "|\n";
}

Cells score_cells(const std::string& name, const std::optional<Score>& score) {
  return {name, format_percent_or_dash(score), score ? format_interval(score->interval) : "–",
          score ? format_count(score->questions) : "0", score ? format_count(score->samples) : "0"};
}

void write_summary(std::ostream& out, const std::vector<RunAnalysis>& runs) {
  write_header(out, {"Suite", "Model", "Run", "Score", "95 % interval", "Questions × k",
                     "Convention", "Failed", "Median latency", "Cost"});
  for (const RunAnalysis& run : runs) {
    const Metric& latency = run.times[0];
    write_row(out, {fmt::format("{} v{}", run.run.suite, run.run.suite_version),
                    run.run.model + (run.is_mock() ? " (mock, not a model)" : ""),
                    std::to_string(run.run.id) + (run.is_finished() ? "" : " (unfinished)"),
                    format_percent_or_dash(run.score.mean),
                    run.score.mean ? format_interval(run.score.mean->interval) : "–",
                    fmt::format("{} × {}", format_count(run.run.questions), run.run.samples),
                    run.run.convention, format_count(run.failed),
                    latency.n > 0 ? format_seconds(latency.quantiles[0].value) : "–",
                    run.cost_usd ? format_usd(*run.cost_usd) : "unknown"});
  }
}

void write_scores(std::ostream& out, const RunAnalysis& run) {
  write_header(out, {"Measure", "Score", "95 % interval", "Questions", "Samples"});
  write_row(out, score_cells("Score, by " + run.run.convention, run.score.mean));
  for (const PassAt& pass : run.score.pass_at) {
    write_row(out, score_cells(fmt::format("pass@{}", pass.k), pass.score));
  }
  if (run.score.consensus) {
    write_row(out, score_cells(consensus_name(run), run.score.consensus));
  }
  for (const ReadingScore& reading : run.readings) {
    write_row(out, score_cells("the same answers by " + reading.convention, reading.score));
  }
  for (const auto& [key, values] : run.tags) {
    out << "\n";
    write_header(out, {"By " + key, "Score", "95 % interval", "Questions", "Samples"});
    for (const TagScore& value : values) {
      write_row(out, score_cells(bounded_text(value.value, 200), value.score));
    }
  }
}

void write_metrics(std::ostream& out, const std::vector<Metric>& metrics) {
  bool any = false;
  for (const Metric& metric : metrics) {
    if (metric.n == 0) {
      continue;
    }
    if (!any) {
      out << "\n";
      write_header(out, {"Measure", "Median", "p90", "p99", "Largest", "n"});
      any = true;
    }
    Cells cells = {metric.unit == "s" ? metric.name : metric.name + ", " + metric.unit};
    for (const Quantile& quantile : metric.quantiles) {
      cells.push_back(metric.unit == "s" ? format_seconds(quantile.value)
                                         : format_number(quantile.value));
    }
    cells.push_back(format_count(metric.n));
    write_row(out, cells);
  }
}

void write_counts(std::ostream& out, std::string_view title, const Counts& counts) {
  if (counts.empty()) {
    return;
  }
  out << "\n" << title << ":";
  const char* separator = " ";
  for (const auto& [name, count] : counts) {
    out << separator << markdown_text(name) << ' ' << format_count(count);
    separator = ", ";
  }
  out << ".\n";
}

void write_experts(std::ostream& out, const RunAnalysis& run) {
  if (!run.experts) {
    return;
  }
  out << "\nExperts, in " << format_count(run.experts->samples) << " answers:\n\n";
  write_header(out, {"Layer", "Experts", "Choices", "Busiest / mean", "Variation", "By chance",
                     "Entropy / log E", "Never chosen"});
  for (const LayerBalance& balance : balance_of(*run.experts)) {
    write_row(out, {std::to_string(balance.layer), format_count(balance.experts),
                    format_count(static_cast<std::int64_t>(balance.choices)),
                    fmt::format("{:.2f}", balance.max_over_mean),
                    fmt::format("{:.2f}", balance.variation),
                    fmt::format("{:.2f}", balance.variation_by_chance),
                    fmt::format("{:.3f}", balance.entropy), format_count(balance.unused)});
  }
}

void write_published(std::ostream& out, const ReportContext& context, const RunAnalysis& run) {
  const std::vector<PublishedModel> models = context.published.of_suite(run.run.suite);
  if (models.empty()) {
    return;
  }
  out << "\nPublished for this benchmark, with other prompts and rules: read the protocol before "
         "comparing.\n\n";
  write_header(out, {"Model", "Metric", "Value", "Protocol", "Source"});
  for (const PublishedModel& model : models) {
    for (const PublishedFigure& figure : model.figures) {
      write_row(out, {model.model + (model.conflicting ? " (conflicting)" : ""), model.metric,
                      figure.value + (figure.unit == "percent" ? " %" : " " + figure.unit),
                      figure.protocol.empty() ? "not stated" : figure.protocol,
                      figure.source + (figure.note.empty() ? "" : "; " + figure.note)});
    }
  }
}

void write_run(std::ostream& out, const ReportContext& context, const RunAnalysis& run) {
  out << "\n## Run " << run.run.id << ": " << markdown_text(run.run.suite) << ", "
      << markdown_text(run.run.model) << "\n\n";
  if (run.is_mock()) {
    out << "**Not a model**: these answers came from the built-in mock.\n\n";
  }
  if (!run.is_finished()) {
    out << "**Unfinished**: " << format_count(run.samples - run.failed) << " of "
        << format_count(run.samples_expected) << " samples have an answer.\n\n";
  }
  write_scores(out, run);
  write_metrics(out, run.times);
  write_metrics(out, run.tokens);
  out << "\n" << markdown_text(timing_note(run) + price_note(context, run)) << "\n";
  write_counts(out, "Verdicts", run.labels);
  write_counts(out, "Finish reasons", run.finishes);
  write_counts(out, "Failures, left out of every score", run.failures);
  write_experts(out, run);
  write_published(out, context, run);
  out << "\nIdentity " << markdown_text(run.run.identity) << "; prompt "
      << markdown_text(run.run.prompt_template) << "; sampling "
      << markdown_text(run.run.sampling_json) << "; backend " << markdown_text(run.run.backend_json)
      << "; " << format_count(run.run.questions) << " questions, hash "
      << markdown_text(run.run.questions_hash) << "; started " << format_time(run.run.started_at)
      << "; " << markdown_text(run.run.program) << "; machine "
      << markdown_text(bounded_text(run.machine.description_json, 2000)) << ".\n";
}

}  // namespace

void write_markdown(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                    std::ostream& out) {
  out << "# Assay report\n\n"
      << "Written " << format_time(context.generated_at) << " by "
      << markdown_text(context.options.program) << ".\n\n";
  write_summary(out, runs);
  out << "\nA score is the mean over questions of each question's own mean; failed requests are "
         "left "
         "out, never counted as wrong.\n";
  write_censorship_markdown(censorship_report(context.reader, records_of(runs)), out);
  write_second_opinion_markdown(second_opinions(context.reader, records_of(runs)), out);
  for (const RunAnalysis& run : runs) {
    write_run(out, context, run);
  }
}

}  // namespace assay
