#include "harness/commands.h"

#include <fmt/format.h>
#include <fmt/ostream.h>

#include "harness/data.h"
#include "harness/files.h"
#include "harness/generate.h"
#include "harness/grade.h"
#include "harness/interrupt.h"
#include "harness/machine.h"
#include "harness/reader.h"
#include "harness/run.h"
#include "harness/store.h"

namespace assay {

namespace {

constexpr int samples_max = 10'000;

std::unique_ptr<Progress> progress_for(const Shown& shown, const Streams& streams) {
  if (shown.json) {
    return make_progress(ProgressStyle::json, streams.out);
  }
  if (shown.quiet) {
    return make_progress(ProgressStyle::silent, streams.err);
  }
  return make_progress(streams.terminal ? ProgressStyle::terminal : ProgressStyle::plain,
                       streams.err);
}

// The settings of every run that was asked for: what run files say, and over it what flags say.
std::vector<RunSettings> wanted_runs(const RunCommand& command) {
  std::vector<RunSettings> all;
  RunSettings named = command.settings;
  for (const std::string& what : command.what) {
    if (!what.ends_with(".toml")) {
      named.suite.push_back(what);
      continue;
    }
    for (const RunSettings& run : read_run_file(what)) {
      if (run.suite.empty()) {
        throw UserError(fmt::format("{}: a run names no 'suite'", what));
      }
      all.push_back(overlaid(run, command.settings));
    }
  }
  if (!named.suite.empty()) {
    all.push_back(named);
  }
  return all;
}

// A suite with everything that is needed to run it, made before the first question of the first
// suite is asked, so that a mistake in the last one is found at once.
struct Prepared {
  std::unique_ptr<Suite> suite;
  std::shared_ptr<Backend> backend;
  RunSpec spec;
};

SuiteOptions suite_options(const RunSettings& settings) {
  return {.data_file = settings.data.value_or(""),
          .seed = settings.suite_seed.value_or(0),
          .protocol = settings.protocol.value_or(""),
          .unsafe_no_sandbox = settings.unsafe_no_sandbox.value_or(false)};
}

RunSpec run_spec(const RunSettings& settings, const ModelSpec& model, const SuiteInfo& info) {
  RunSpec spec;
  spec.model = model.text();
  spec.sampling = with_settings(info.sampling, settings.model);
  spec.samples = settings.samples.value_or(info.samples);
  spec.limit = settings.limit.value_or(0);
  spec.in_flight_max = static_cast<std::size_t>(model.in_flight_max);
  spec.use_cache = settings.cache.value_or(false);
  spec.fresh = settings.fresh.value_or(false);
  spec.name = settings.name.value_or("");
  if (spec.samples < 1 || spec.samples > samples_max || spec.limit < 0) {
    throw UserError(fmt::format("--samples must be from 1 to {}, --limit 0 or more", samples_max));
  }
  return spec;
}

// The suites of a pattern. Of a whole folder those without their data are left out, with a line
// that says how to get it; a suite that was asked for by name must be there, and so must one of a
// folder.
std::vector<std::unique_ptr<Suite>> make_suites(const std::string& pattern,
                                                const Catalogue& catalogue,
                                                const SuiteOptions& options, std::ostream& err) {
  const std::vector<const SuiteEntry*> entries = catalogue.suites_matching(pattern);
  std::vector<std::unique_ptr<Suite>> made;
  for (const SuiteEntry* entry : entries) {
    try {
      made.push_back(entry->make(options));
    } catch (const MissingData& missing) {
      if (entry->name == pattern || (made.empty() && entry == entries.back())) {
        throw;
      }
      fmt::print(err, "assay: without {}: {}\n", entry->name, missing.what());
    }
  }
  return made;
}

std::vector<Prepared> prepare(const std::vector<RunSettings>& wanted, const Catalogue& catalogue,
                              const PriceOf& price, std::ostream& err) {
  std::vector<Prepared> all;
  for (const RunSettings& settings : wanted) {
    const ModelSpec model = model_spec(settings.model);
    const std::shared_ptr<Backend> backend = catalogue.backend(model.provider).make(model);
    for (const std::string& pattern : settings.suite) {
      for (auto& suite : make_suites(pattern, catalogue, suite_options(settings), err)) {
        Prepared one{.suite = std::move(suite), .backend = backend};
        one.spec = run_spec(settings, model, one.suite->info());
        one.spec.suite = one.suite.get();
        one.spec.backend = backend.get();
        one.spec.price_usd = [&price, model](const Response& response) {
          return price(model, response.usage);
        };
        all.push_back(std::move(one));
      }
    }
  }
  return all;
}

ScoreSummary summary_of(const Reader& reader, const RunRecord& run) {
  SummaryTally tally(pass_at_choices(run.samples));
  QuestionTally question;
  int position = -1;
  const auto close_question = [&] {
    if (position >= 0) {
      tally.add(question);
      question.clear();
    }
  };
  reader.for_each_figures(run.id, true, [&](const SampleFigures& sample) {
    if (sample.position != position) {
      close_question();
      position = sample.position;
    }
    question.add(sample.value, sample.vote);
  });
  close_question();
  return tally.summary();
}

void print_score(std::ostream& out, const std::string& name, const std::optional<Score>& score) {
  if (score) {
    fmt::print(out, "  {:<10} {:6.2f} %  [{:.2f}, {:.2f}]  n = {}\n", name, 100 * score->mean,
               100 * score->interval.low, 100 * score->interval.high, score->questions);
  }
}

void print_result(std::ostream& out, const Reader& reader, const RunState& state) {
  const RunRecord run = reader.run(std::to_string(state.run_id));
  const ScoreSummary summary = summary_of(reader, run);
  fmt::print(out, "run {}: {} by {}, judged by {}\n", run.id, run.suite, run.model, run.convention);
  print_score(out, run.samples > 1 ? "pass@1" : "score", summary.mean);
  for (const PassAt& pass : summary.pass_at) {
    if (pass.k > 1) {
      print_score(out, fmt::format("pass@{}", pass.k), pass.score);
    }
  }
  if (run.samples > 1) {
    print_score(out, fmt::format("cons@{}", run.samples), summary.consensus);
  }
  if (summary.samples_unscored > 0) {
    fmt::print(out, "  {} of {} answers are not scored\n", summary.samples_unscored, state.done());
  }
}

// What ended the run before all of it was answered, in one line; empty where nothing did.
std::string unfinished(const RunState& state) {
  if (state.done() == state.total && state.failed == 0) {
    return "";
  }
  const std::string why =
      interrupts() > 0 ? "it was interrupted" : fmt::format("last error: {}", state.last_error);
  return fmt::format(
      "run {} is unfinished: {} of {} answered, {} failed; {}; the same command continues it",
      state.run_id, state.resumed + state.answered, state.total, state.failed, why);
}

}  // namespace

Exit run_command(const RunCommand& command, const Catalogue& catalogue, const PriceOf& price,
                 const std::string& typed, const Streams& streams) {
  const std::vector<Prepared> prepared =
      prepare(wanted_runs(command), catalogue, price, streams.err);
  Store store(command.db);
  const std::int64_t machine_id = store.put_machine(describe_machine());
  const Reader reader(command.db);
  watch_interrupts();
  Exit exit = Exit::passed;
  for (const Prepared& one : prepared) {
    RunSpec spec = one.spec;
    spec.machine_id = machine_id;
    spec.command = typed;
    const std::unique_ptr<Progress> progress = progress_for(command.shown, streams);
    const RunState state = run(spec, store, *progress);
    if (!command.shown.json) {
      print_result(streams.out, reader, state);
    }
    if (const std::string why = unfinished(state); !why.empty()) {
      fmt::print(streams.err, "assay: {}\n", why);
      exit = Exit::failed;
    }
    if (interrupts() > 0) {
      break;
    }
  }
  return exit;
}

Exit grade_command(const GradeCommand& command, const Catalogue& catalogue,
                   const Streams& streams) {
  const RowGrader grade =
      catalogue.grade(command.kind)
          .make({.policy = command.policy, .unsafe_no_sandbox = command.unsafe_no_sandbox});
  Input in(command.in);
  Output out(command.out, std::ios::trunc, streams.out);
  const GradeCounts counts = grade_rows(grade, in.stream(), in.name(), out.stream());
  if (!out.stream().flush()) {
    fmt::print(streams.err, "assay: the output cannot be written; is the disk full?\n");
    return Exit::failed;
  }
  if (counts.bad > 0) {
    fmt::print(streams.err, "assay: {} of {} rows could not be judged; their rows say why\n",
               counts.bad, counts.rows);
    return Exit::failed;
  }
  return Exit::passed;
}

Exit generate_command(const GenerateCommand& command, const Catalogue& catalogue,
                      const Streams& streams) {
  const ModelSpec model = model_spec(command.model);
  if (command.shown.json && command.out == "-") {
    throw UserError("--json writes to standard output, as the answers do; name a file with --out");
  }
  GenerateSpec spec;
  spec.model = model.text();
  spec.sampling = with_settings({}, command.model);
  spec.in_flight_max = static_cast<std::size_t>(model.in_flight_max);
  Input in(command.in);
  spec.in_name = in.name();
  const std::unique_ptr<Backend> backend = catalogue.backend(model.provider).make(model);
  spec.backend = backend.get();
  if (command.out != "-") {
    spec.skip = continue_output(command.out);
  }
  if (command.in != "-") {
    spec.rows_total = count_rows(command.in);
  }
  Output out(command.out, std::ios::app, streams.out);
  watch_interrupts();
  const RunState state =
      generate(spec, in.stream(), out.stream(), *progress_for(command.shown, streams));
  if (state.failed > 0 || interrupts() > 0) {
    fmt::print(streams.err, "assay: {} rows answered, {} failed; {}\n", state.answered,
               state.failed,
               interrupts() > 0 ? "it was interrupted" : "last error: " + state.last_error);
    return Exit::failed;
  }
  return Exit::passed;
}

Exit data_command(const DataCommand& command, const Streams& streams) {
  const DataFolder data;
  if (command.action == "add") {
    fmt::print(streams.out, "installed {}\n", data.add(command.name, command.file).string());
  } else if (command.action == "verify") {
    return data.verify(streams.out) ? Exit::passed : Exit::failed;
  } else {
    data.list(streams.out);
  }
  return Exit::passed;
}

void list_catalogue(const std::string& what, const Catalogue& catalogue, std::ostream& out) {
  const auto line = [&](const std::string& name, const std::string& summary) {
    fmt::print(out, "{:<24} {}\n", name, summary);
  };
  if (what == "suites") {
    for (const SuiteEntry& entry : catalogue.suites) {
      line(entry.name, entry.summary);
    }
  } else if (what == "models") {
    for (const BackendEntry& entry : catalogue.backends) {
      line(entry.provider + ":", entry.summary);
    }
  } else {
    for (const GradeEntry& entry : catalogue.grades) {
      line(entry.kind, entry.summary);
    }
  }
}

}  // namespace assay
