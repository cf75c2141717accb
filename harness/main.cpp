// The composition root: the only file that knows every folder. It lists what there is, reads the
// command line and hands the work to whoever does it.

#include <iostream>
#include <memory>
#include <mutex>
#include <optional>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <unistd.h>

#include "backends/backends.h"
#include "backends/engine/commands.h"
#include "backends/mock/faults.h"
#include "backends/mock/server.h"
#include "harness/catalogue.h"
#include "harness/codec.h"
#include "harness/command_line.h"
#include "harness/commands.h"
#include "harness/data.h"
#include "harness/files.h"
#include "harness/prices.h"
#include "harness/reader.h"
#include "harness/settings.h"
#include "harness/store.h"
#include "harness/version.h"
#include "reports/published.h"
#include "reports/report.h"
#include "reports/show.h"
#include "suites/censorship/censorship.h"
#include "suites/code/code.h"
#include "suites/math/arithmetic.h"
#include "suites/math/explain.h"
#include "suites/math/math.h"

namespace {

using namespace assay;  // NOLINT(google-build-using-namespace): this file is the program

// The results file that `replay:RUN` means where nothing else is said: the one that the command
// writes.
std::string results_file_of(const Command& command) {
  const auto* run = std::get_if<RunCommand>(&command);
  return run != nullptr ? run->db : RunCommand().db;
}

Catalogue everything(const std::string& results_file) {
  const FindData find = [](std::string_view dataset) { return DataFolder().find(dataset); };
  Catalogue catalogue;
  add_math(catalogue, find);
  catalogue.suites.push_back(
      {"math/arithmetic", "ten levels of generated arithmetic, bundled (250)", make_arithmetic});
  add_code(catalogue, find);
  add_censorship(catalogue, find);
  add_backends(catalogue, results_file);
  return catalogue;
}

// Reads the lists of prices when the first price is asked for.
PriceOf prices() {
  const auto list = std::make_shared<std::optional<PriceList>>();
  return [list](const ModelSpec& model, const Usage& usage) {
    static std::mutex mutex;
    const std::lock_guard lock(mutex);
    if (!*list) {
      list->emplace().add(DataFolder().bundled() / "prices.csv");
    }
    return (*list)->cost_usd(model.provider, model.name, usage);
  };
}

MockServerOptions mock_options(const MockCommand& command) {
  MockServerOptions options;
  options.address = command.address;
  options.port = command.port;
  options.model = command.model;
  options.answers.file = command.answers;
  options.answers.accuracy = command.accuracy;
  options.answers.seed = command.seed;
  options.latency_s = command.latency_s;
  options.ttft_s = command.ttft_s;
  options.inter_token_s = command.inter_token_s;
  options.seed = command.seed;
  options.retry_after_s = command.retry_after_s;
  options.lifetime_s = command.lifetime_s;
  for (const std::string& fault : command.fault) {
    set_fault_rate(options.faults, fault);
  }
  return options;
}

std::string joined(int argc, const char* const* argv) {
  std::string text = "assay";
  for (int i = 1; i < argc; ++i) {
    text += std::string(" ") + argv[i];
  }
  return text;
}

engine::EngineSettings engine_of(const ModelSettings& settings) {
  const ModelSpec spec = model_spec(settings);
  if (spec.provider != "engine") {
    throw UserError(
        fmt::format("--model: {} is not in this process; name one as engine:DIR", spec.text()));
  }
  return engine::engine_settings(spec, DataFolder().bundled());
}

// Runs body(rows), which says how many rows failed.
template <class F>
Exit over_rows(const std::string& in_name, const std::string& out_name, const F& body) {
  Input in(in_name);
  Output out(out_name, std::ios::trunc, std::cout);
  const std::size_t failed =
      body(engine::Rows{.in = in.stream(), .in_name = in.name(), .out = out.stream()});
  if (!out.stream().flush()) {
    throw std::runtime_error("the output cannot be written; is the disk full?");
  }
  return failed == 0 ? Exit::passed : Exit::failed;
}

Exit tokenize_command(const TokenizeCommand& command) {
  const engine::LanguageModel model(engine_of(command.model));
  if (model.tokenizer() == nullptr) {
    throw UserError("--model: the folder has no tokenizer.json");
  }
  return over_rows(command.in, command.out, [&](const engine::Rows& rows) {
    return engine::tokenize(*model.tokenizer(), command.decode, rows);
  });
}

Exit logprobs_command(const LogprobsCommand& command) {
  const engine::LanguageModel model(engine_of(command.model));
  return over_rows(command.in, command.out,
                   [&](const engine::Rows& rows) { return engine::logprobs(model, rows); });
}

Exit chat_command(const ChatCommand& command) {
  engine::EngineBackend backend(engine_of(command.model));
  engine::chat(backend, {.system = command.system, .sampling = with_settings({}, command.model)},
               std::cin, std::cout);
  return Exit::passed;
}

Exit report_command(const ReportCommand& command) {
  const std::filesystem::path data = DataFolder().bundled();
  write_report_file(Reader(command.db), {.runs = command.runs,
                                         .db = command.db,
                                         .out = command.out,
                                         .published = data / "published_baselines.csv",
                                         .prices = {data / "prices.csv"},
                                         .program = program_version()});
  return Exit::passed;
}

Exit list_command(const ListCommand& command, const Catalogue& catalogue) {
  if (command.what == "runs") {
    list_runs(Reader(command.db), std::cout);
  } else if (command.what == "baselines") {
    PublishedFigures(DataFolder().bundled() / "published_baselines.csv").list(std::cout);
  } else {
    list_catalogue(command.what, catalogue, std::cout);
  }
  return Exit::passed;
}

Exit show_command(const ShowCommand& command) {
  const Reader reader(command.db);
  if (command.sample.empty()) {
    show_run(reader, command.run, std::cout);
  } else {
    show_sample(reader, command.run, command.sample, std::cout);
  }
  return Exit::passed;
}

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};
template <class... Fs>
Overloaded(Fs...) -> Overloaded<Fs...>;  // clang 14 does not deduce it

Exit carry_out(const Command& command, const std::string& typed) {
  const Streams streams{.out = std::cout, .err = std::cerr, .terminal = isatty(STDERR_FILENO) == 1};
  const Catalogue catalogue = everything(results_file_of(command));
  return std::visit(
      Overloaded{
          [&](const RunCommand& run) {
            return run_command(run, catalogue, prices(), typed, streams);
          },
          [&](const GradeCommand& grade) { return grade_command(grade, catalogue, streams); },
          [&](const GenerateCommand& generate) {
            return generate_command(generate, catalogue, streams);
          },
          [&](const TokenizeCommand& tokenize) { return tokenize_command(tokenize); },
          [&](const LogprobsCommand& logprobs) { return logprobs_command(logprobs); },
          [&](const ChatCommand& chat) { return chat_command(chat); },
          [&](const DataCommand& data) { return data_command(data, streams); },
          [&](const ReportCommand& report) { return report_command(report); },
          [&](const ListCommand& list) { return list_command(list, catalogue); },
          [&](const ShowCommand& show) { return show_command(show); },
          [&](const MockCommand& mock) {
            return static_cast<Exit>(serve(mock_options(mock), std::cout));
          },
          [&](const ExplainCommand& explain) {
            math::explain(std::cout, explain.gold, explain.answer, explain.policy);
            return Exit::passed;
          },
      },
      command);
}

}  // namespace

int main(int argc, char** argv) {
  try {
    const ParsedCommandLine parsed = parse_command_line(argc, argv);
    std::cout << parsed.text;
    return parsed.command ? static_cast<int>(carry_out(*parsed.command, joined(argc, argv))) : 0;
  } catch (const UserError& error) {
    fmt::print(std::cerr, "assay: {}\n", error.what());
    return static_cast<int>(Exit::usage);
  } catch (const std::exception& error) {  // StoreError, out of memory: the run failed
    fmt::print(std::cerr, "assay: {}\n", error.what());
    return static_cast<int>(Exit::failed);
  }
}
