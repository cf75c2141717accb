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
#include "backends/mock/faults.h"
#include "backends/mock/server.h"
#include "backends/replay/replay.h"
#include "harness/catalogue.h"
#include "harness/codec.h"
#include "harness/command_line.h"
#include "harness/commands.h"
#include "harness/data.h"
#include "harness/prices.h"
#include "harness/reader.h"
#include "harness/store.h"
#include "suites/math/arithmetic.h"
#include "suites/math/math.h"

namespace {

using namespace assay;  // NOLINT(google-build-using-namespace): this file is the program

Catalogue everything() {
  const FindData find = [](std::string_view dataset) { return DataFolder().find(dataset); };
  Catalogue catalogue;
  add_math(catalogue, find);
  catalogue.suites.push_back(
      {"math/arithmetic", "ten levels of generated arithmetic, bundled (250)", make_arithmetic});
  add_backends(catalogue);
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

template <class... Fs>
struct Overloaded : Fs... {
  using Fs::operator()...;
};

Exit carry_out(const Command& command, const std::string& typed) {
  const Streams streams{.out = std::cout, .err = std::cerr, .terminal = isatty(STDERR_FILENO) == 1};
  const Catalogue catalogue = everything();
  return std::visit(
      Overloaded{
          [&](const RunCommand& run) {
            return run_command(run, catalogue, prices(), typed, streams);
          },
          [&](const GradeCommand& grade) { return grade_command(grade, catalogue, streams); },
          [&](const GenerateCommand& generate) {
            return generate_command(generate, catalogue, streams);
          },
          [&](const DataCommand& data) { return data_command(data, streams); },
          [&](const ListCommand& list) {
            list_catalogue(list.what, catalogue, std::cout);
            return Exit::passed;
          },
          [&](const MockCommand& mock) {
            return static_cast<Exit>(serve(mock_options(mock), std::cout));
          },
          [&](const auto&) { return Exit::usage; },
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
