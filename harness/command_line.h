// The command line as plain values.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "harness/settings.h"

namespace assay {

// What commands that take a while share.
struct Shown {
  bool json = false;   // progress as JSON events on standard output
  bool quiet = false;  // no progress
};

struct RunCommand {
  std::vector<std::string> what;  // suites, folders of suites, or run files (*.toml)
  RunSettings settings;
  std::string db = "assay.db";
  Shown shown;
};

struct GradeCommand {
  std::string kind;
  std::string in = "-";
  std::string out = "-";
  std::string policy;
  bool unsafe_no_sandbox = false;
};

struct GenerateCommand {
  ModelSettings model;
  std::string in = "-";
  std::string out = "-";
  Shown shown;
};

// The three that need a model in this process (engine:...).
struct TokenizeCommand {
  ModelSettings model;
  std::string in = "-";
  std::string out = "-";
  bool decode = false;
};

struct LogprobsCommand {
  ModelSettings model;
  std::string in = "-";
  std::string out = "-";
};

struct ChatCommand {
  ModelSettings model;
  std::string system;
};

struct ReportCommand {
  std::vector<std::string> runs;  // numbers or names; empty: all
  std::string out = "report.html";
  std::string db = "assay.db";
};

struct ListCommand {
  std::string what;  // suites, models, grades, runs, baselines
  std::string db = "assay.db";
};

struct ShowCommand {
  std::string run;
  std::string sample;  // empty: the run itself
  std::string db = "assay.db";
};

struct DataCommand {
  std::string action;  // list, add, verify
  std::string name;
  std::string file;
};

struct MockCommand {
  std::string address = "127.0.0.1";
  int port = 8080;
  std::string model = "mock";
  std::string answers;
  double accuracy = 1;
  double latency_s = 0;
  double ttft_s = 0;
  double inter_token_s = 0;
  std::vector<std::string> fault;  // kind=rate
  std::uint64_t seed = 0;
  double retry_after_s = 1;
  double lifetime_s = 0;
};

struct ExplainCommand {
  std::string gold;
  std::string answer;
  std::string policy;
};

using Command = std::variant<RunCommand, GradeCommand, GenerateCommand, TokenizeCommand,
                             LogprobsCommand, ChatCommand, ReportCommand, ListCommand, ShowCommand,
                             DataCommand, MockCommand, ExplainCommand>;

struct ParsedCommandLine {
  std::optional<Command> command;  // empty where help or the version was asked for
  std::string text;                // the help or version, for standard output
};

// Throws UserError, in one line that names the flag, on wrong usage.
ParsedCommandLine parse_command_line(int argc, const char* const* argv);

}  // namespace assay
