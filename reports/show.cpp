#include "reports/show.h"

#include <charconv>
#include <ostream>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/codec.h"
#include "harness/error.h"
#include "reports/analysis.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/render.h"

namespace assay {

namespace {

constexpr std::size_t sample_keys_max = 20;

void write_score(std::ostream& out, const std::string& name, const std::optional<Score>& score) {
  out << fmt::format("  {:<28}", visible_text(name));
  if (score) {
    out << fmt::format(" {:>8}  95 % {:<16} {} questions, {} samples", format_percent(score->mean),
                       format_interval(score->interval), format_count(score->questions),
                       format_count(score->samples));
  } else {
    out << "        –  nothing scored";
  }
  out << '\n';
}

void write_field(std::ostream& out, std::string_view name, std::string_view value) {
  out << fmt::format("{:<16} {}\n", name, visible_text(value));
}

void write_text(std::ostream& out, std::string_view title, std::string_view text) {
  if (!text.empty()) {
    out << "\n--- " << visible_text(title) << " ---\n" << visible_text(text) << '\n';
  }
}

void write_identity(std::ostream& out, const RunRecord& run) {
  write_field(out, "run",
              std::to_string(run.id) + (run.name.empty() ? "" : "  (" + run.name + ")"));
  write_field(out, "suite", fmt::format("{} version {}", run.suite, run.suite_version));
  write_field(out, "model", run.model);
  if (run.model.starts_with("mock:")) {
    write_field(out, "", "answers came from the built-in mock: not a model");
  }
  write_field(out, "convention", run.convention);
  write_field(out, "prompt", run.prompt_template);
  write_field(out, "sampling", run.sampling_json);
  write_field(out, "backend", run.backend_json);
  write_field(out, "questions",
              fmt::format("{} x {} samples, hash {}", format_count(run.questions), run.samples,
                          run.questions_hash));
  write_field(out, "identity", run.identity);
  write_field(out, "program", run.program);
  write_field(out, "command", run.command);
  write_field(out, "started", format_time(run.started_at));
  write_field(out, "finished", run.finished_at ? format_time(*run.finished_at) : "not yet");
  write_field(out, "active", format_seconds(run.active_s));
}

void write_figures(std::ostream& out, const RunAnalysis& run) {
  out << "\nscores\n";
  write_score(out, run.run.convention, run.score.mean);
  for (const PassAt& pass : run.score.pass_at) {
    write_score(out, fmt::format("pass@{}", pass.k), pass.score);
  }
  if (run.score.consensus) {
    write_score(out, consensus_name(run), run.score.consensus);
  }
  for (const ReadingScore& reading : run.readings) {
    write_score(out, "by " + reading.convention, reading.score);
  }
  out << fmt::format(
      "\nsamples          {} of {}: {} failed, {} without a verdict, {} from an earlier run\n",
      format_count(run.samples), format_count(run.samples_expected), format_count(run.failed),
      format_count(run.unscored), format_count(run.from_cache));
  for (const auto& [kind, count] : run.failures) {
    out << fmt::format("  failed: {:<20} {}\n", visible_text(kind), format_count(count));
  }
  for (const Metric& metric : run.times) {
    if (metric.n > 0 && metric.unit == "s") {
      out << fmt::format("{:<28} median {}, p90 {}, p99 {}, n {}\n", metric.name,
                         format_seconds(metric.quantiles[0].value),
                         format_seconds(metric.quantiles[1].value),
                         format_seconds(metric.quantiles[2].value), format_count(metric.n));
    }
  }
  out << "cost             " << (run.cost_usd ? format_usd(*run.cost_usd) : "unknown") << '\n';
}

// The first samples of a class, as `assay show` takes them.
void write_keys(std::ostream& out, const RunAnalysis& run, SampleClass which) {
  const auto there = run.choice.there.find(which);
  if (there == run.choice.there.end() || there->second == 0) {
    return;
  }
  out << fmt::format("\n{} ({}):", to_text(which), format_count(there->second));
  std::size_t written = 0;
  std::size_t at = 0;
  for (const auto& [name, shown] : run.choice.shown) {
    for (std::int64_t i = 0; i < shown; ++i, ++at) {
      if (name == which && written < sample_keys_max) {
        const SampleKey& key = run.choice.keys[at];
        out << fmt::format(" {}.{}", key.position, key.sample_index);
        ++written;
      }
    }
  }
  out << (static_cast<std::int64_t>(written) < there->second ? " ...\n" : "\n");
}

std::optional<int> parse_whole(std::string_view text) {
  int value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  const bool whole = error == std::errc() && end == text.data() + text.size() && value >= 0;
  return whole ? std::optional(value) : std::nullopt;
}

std::optional<int> position_of_question(const Reader& reader, std::int64_t run_id,
                                        std::string_view key) {
  std::optional<int> found;
  reader.for_each_question(run_id, [&](int position, const QuestionRecord& question) {
    if (!found && question.key == key) {
      found = position;
    }
  });
  return found;
}

// A number is a position; where there is no sample at it, or it is no number, a question's id.
std::optional<SampleRecord> find_sample(const Reader& reader, std::int64_t run_id,
                                        const std::string& text) {
  const auto at = [&](std::string_view question, int index) -> std::optional<SampleRecord> {
    if (const std::optional<int> position = parse_whole(question)) {
      if (auto sample =
              reader.sample({.run_id = run_id, .position = *position, .sample_index = index})) {
        return sample;
      }
    }
    const std::optional<int> position = position_of_question(reader, run_id, question);
    return position
               ? reader.sample({.run_id = run_id, .position = *position, .sample_index = index})
               : std::nullopt;
  };
  const std::size_t dot = text.rfind('.');
  if (dot != std::string::npos) {
    if (const std::optional<int> index = parse_whole(std::string_view(text).substr(dot + 1))) {
      if (auto sample = at(std::string_view(text).substr(0, dot), *index)) {
        return sample;
      }
    }
  }
  return at(text, 0);
}

void write_prompt(std::ostream& out, const std::string& prompt_json) {
  try {
    const Prompt prompt = parse_body(prompt_json);
    for (const Message& message : prompt.messages) {
      write_text(out, fmt::format("prompt, {}", to_text(message.role)), message.content);
    }
    write_text(out, "prompt, continued", prompt.text);
    if (prompt.messages.empty() && prompt.text.empty()) {
      write_text(out, "prompt, token ids", prompt_json);
    }
  } catch (const std::invalid_argument&) {
    write_text(out, "prompt", prompt_json);
  }
}

void write_verdict(std::ostream& out, const Verdict& verdict, const QuestionRecord& question) {
  out << "\n--- verdict ---\n";
  write_field(out, "label", verdict.label);
  write_field(out, "value", verdict.value ? fmt::format("{}", *verdict.value) : "not scored");
  write_field(out, "found", verdict.extracted.empty() ? "nothing" : verdict.extracted);
  write_field(out, "reference", question.gold);
  write_field(out, "why", verdict.reason);
  for (const Reading& reading : verdict.readings) {
    write_field(
        out, "by " + visible_text(reading.convention),
        fmt::format("{} ({})", reading.value ? fmt::format("{}", *reading.value) : "not scored",
                    reading.extracted));
  }
}

void write_response(std::ostream& out, const SampleRecord& sample) {
  const Response& response = sample.response;
  const auto tokens = [](const std::optional<int>& count) {
    return count ? format_count(*count) : std::string("?");
  };
  out << "\n--- figures ---\n";
  write_field(out, "finish", to_text(response.finish));
  if (response.failure != Failure::none) {
    write_field(out, "failure", fmt::format("{}: {}", to_text(response.failure), response.error));
  }
  write_field(out, "served by", response.served_model);
  write_field(
      out, "latency",
      fmt::format("{}, after waiting {}, {} attempts", format_seconds(response.timings.latency_s),
                  format_seconds(response.timings.waited_s), response.timings.attempts));
  if (response.timings.ttft_s) {
    write_field(out, "TTFT", format_seconds(*response.timings.ttft_s));
  }
  write_field(
      out, "tokens",
      fmt::format("{} prompt ({} cached), {} output ({} reasoning)",
                  tokens(response.usage.prompt_tokens), tokens(response.usage.cached_tokens),
                  tokens(response.usage.completion_tokens),
                  tokens(response.usage.reasoning_tokens)));
  write_field(out, "cost", sample.cost_usd ? format_usd(*sample.cost_usd) : "unknown");
  write_field(
      out, "answered",
      format_time(sample.answered_at) + (sample.from_cache ? ", taken from an earlier run" : ""));
  if (!response.details.empty()) {
    write_field(out, "details", response.details);
  }
  if (!sample.verdict.details.empty()) {
    write_field(out, "of the verdict", sample.verdict.details);
  }
}

}  // namespace

void list_runs(const Reader& reader, std::ostream& out) {
  out << fmt::format("{:>5}  {:<20}  {:<24}  {:<32}  {:>15}  {}\n", "run", "started", "suite",
                     "model", "questions x k", "state");
  for (const RunRecord& run : reader.runs()) {
    out << fmt::format("{:>5}  {:<20}  {:<24}  {:<32}  {:>15}  {}{}\n", run.id,
                       format_time(run.started_at).substr(0, 16), visible_text(run.suite),
                       visible_text(run.model),
                       fmt::format("{} x {}", format_count(run.questions), run.samples),
                       run.finished_at ? "finished" : "unfinished",
                       run.name.empty() ? "" : ", " + visible_text(run.name));
  }
}

void show_run(const Reader& reader, const std::string& run, std::ostream& out) {
  const RunAnalysis analysis = analyse_run(reader, reader.run(run), {.samples_shown = 400});
  write_identity(out, analysis.run);
  write_figures(out, analysis);
  write_keys(out, analysis, SampleClass::wrong);
  write_keys(out, analysis, SampleClass::failed);
  write_keys(out, analysis, SampleClass::unscored);
  out << fmt::format("\n`assay show {} SAMPLE` shows one of them whole.\n", analysis.run.id);
}

void show_sample(const Reader& reader, const std::string& run, const std::string& sample,
                 std::ostream& out) {
  const RunRecord record = reader.run(run);
  const std::optional<SampleRecord> found = find_sample(reader, record.id, sample);
  if (!found) {
    throw UserError(
        fmt::format("run {} has no sample '{}'; name one as POSITION.INDEX or by its question's id",
                    record.id, sample));
  }
  const QuestionRecord question = reader.question(found->question_id);
  write_field(out, "run", fmt::format("{}  {}  {}", record.id, record.suite, record.model));
  write_field(out, "sample", fmt::format("{}.{}", found->key.position, found->key.sample_index));
  write_field(out, "question", question.key);
  for (const auto& [key, value] : question.tags) {
    write_field(out, key, value);
  }
  write_prompt(out, reader.prompt_json(found->prompt_hash));
  write_text(out, "reasoning", found->response.reasoning);
  write_text(out, "answer", found->response.text);
  write_verdict(out, found->verdict, question);
  write_response(out, *found);
}

}  // namespace assay
