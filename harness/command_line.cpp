#include "harness/command_line.h"

#include <algorithm>

#include <CLI/CLI.hpp>
#include <fmt/core.h>

#include "harness/error.h"
#include "harness/utf8.h"
#include "harness/version.h"

namespace assay {

namespace {

constexpr const char* description =
    "Measures language models and the chips they run on: accuracy suites through any backend, "
    "results in one SQLite file, "
    "reports that compare.";

// "max_tokens" is --max-tokens on the command line.
std::string flag_of(const char* name) {
  std::string flag = std::string("--") + name;
  std::replace(flag.begin() + 2, flag.end(), '_', '-');
  return flag;
}

void add_flag(CLI::App& app, const char* name, std::optional<bool>& field, const char* help) {
  const std::string flag = flag_of(name);
  app.add_flag_function(
      fmt::format("{},!--no-{}", flag, flag.substr(2)),
      [&field](std::int64_t count) { field = count > 0; }, help);
}

void add_flag(CLI::App& app, const char* name, std::vector<std::string>& field, const char* help) {
  app.add_option(flag_of(name), field, help)->allow_extra_args(false);
}

template <class T>
void add_flag(CLI::App& app, const char* name, std::optional<T>& field, const char* help) {
  app.add_option(flag_of(name), field, help);
}

void add_model_flags(CLI::App& app, ModelSettings& settings) {
  for_each_model_setting(settings, settings,
                         [&](const char* name, auto& field, const auto&, const char* help) {
                           add_flag(app, name, field, help);
                         });
}

void add_run_flags(CLI::App& app, RunSettings& settings) {
  for_each_run_setting(settings, settings,
                       [&](const char* name, auto& field, const auto&, const char* help) {
                         if (std::string_view(name) != "suite") {  // positional
                           add_flag(app, name, field, help);
                         }
                       });
}

void add_db(CLI::App& app, std::string& db) {
  app.add_option("--db", db, "the results file")->capture_default_str();
}

void add_shown(CLI::App& app, Shown& shown) {
  app.add_flag("--json", shown.json, "progress as JSON events on standard output");
  app.add_flag("--quiet,-q", shown.quiet, "no progress");
}

void add_files(CLI::App& app, std::string& in, std::string& out) {
  app.add_option("--in", in, "JSONL to read; - is standard input")->capture_default_str();
  app.add_option("--out", out, "JSONL to write; - is standard output")->capture_default_str();
}

// All commands of a command line that is being parsed; the one that was given says so in `chosen`.
struct Choices {
  RunCommand run;
  GradeCommand grade;
  GenerateCommand generate;
  TokenizeCommand tokenize;
  LogprobsCommand logprobs;
  ChatCommand chat;
  ReportCommand report;
  ListCommand list;
  ShowCommand show;
  DataCommand data;
  MockCommand mock;
  ExplainCommand explain;
  std::optional<Command> chosen;
};

template <class Chosen>
CLI::App& add_command(CLI::App& app, const char* name, const char* help, Choices& choices,
                      Chosen& command) {
  CLI::App& sub = *app.add_subcommand(name, help);
  sub.callback([&] { choices.chosen = command; });
  return sub;
}

void add_measuring_commands(CLI::App& app, Choices& all) {
  CLI::App& run = add_command(
      app, "run", "put suites to a model, judge its answers, keep everything", all, all.run);
  run.add_option("what", all.run.what,
                 "suites (math/gsm8k), folders of them (math), or run files (nightly.toml)")
      ->required();
  add_run_flags(run, all.run.settings);
  add_db(run, all.run.db);
  add_shown(run, all.run.shown);

  CLI::App& grade =
      add_command(app, "grade", "judge existing outputs: JSONL in, JSONL out", all, all.grade);
  grade
      .add_option("kind", all.grade.kind,
                  "`assay list grades` shows the kinds and what their rows need")
      ->required();
  add_files(grade, all.grade.in, all.grade.out);
  grade.add_option("--policy", all.grade.policy, "the convention to judge by");
  grade.add_flag("--unsafe-no-sandbox", all.grade.unsafe_no_sandbox,
                 "run what models write without isolation");

  CLI::App& generate = add_command(
      app, "generate", "answers for prompts: JSONL in, JSONL out, in order", all, all.generate);
  add_model_flags(generate, all.generate.model);
  add_files(generate, all.generate.in, all.generate.out);
  add_shown(generate, all.generate.shown);
}

void add_engine_commands(CLI::App& app, Choices& all) {
  CLI::App& tokenize = add_command(
      app, "tokenize", "text to token ids, or back: JSONL in, JSONL out", all, all.tokenize);
  add_model_flags(tokenize, all.tokenize.model);
  add_files(tokenize, all.tokenize.in, all.tokenize.out);
  tokenize.add_flag("--decode", all.tokenize.decode, "ids to text");

  CLI::App& logprobs =
      add_command(app, "logprobs", "log-probabilities of given text or tokens: JSONL in, JSONL out",
                  all, all.logprobs);
  add_model_flags(logprobs, all.logprobs.model);
  add_files(logprobs, all.logprobs.in, all.logprobs.out);

  CLI::App& chat = add_command(app, "chat", "talk to a model in this process", all, all.chat);
  add_model_flags(chat, all.chat.model);
  chat.add_option("--system", all.chat.system, "a system message");
}

void add_reading_commands(CLI::App& app, Choices& all) {
  CLI::App& report = add_command(app, "report", "write a report of runs", all, all.report);
  report.add_option("runs", all.report.runs, "numbers or names of runs; all where none is given");
  report.add_option("--out", all.report.out, "its ending says the form: .html .md .csv .json")
      ->capture_default_str();
  add_db(report, all.report.db);

  CLI::App& list = add_command(app, "list", "what there is", all, all.list);
  list.add_option("what", all.list.what, "suites, models, grades, runs or baselines")
      ->required()
      ->check(CLI::IsMember({"suites", "models", "grades", "runs", "baselines"}));
  add_db(list, all.list.db);

  CLI::App& show = add_command(app, "show", "one run, or one sample of it, to read", all, all.show);
  show.add_option("run", all.show.run, "its number, its name, or last")->required();
  show.add_option("sample", all.show.sample, "position, or position.sample, or a question's id");
  add_db(show, all.show.db);

  CLI::App& explain =
      add_command(app, "explain", "why two answers are the same, or not", all, all.explain);
  explain.add_option("gold", all.explain.gold, "the reference answer")->required();
  explain.add_option("answer", all.explain.answer, "the other one")->required();
  explain.add_option("--policy", all.explain.policy, "the convention to judge by");
}

void add_tool_commands(CLI::App& app, Choices& all) {
  CLI::App& data = *app.add_subcommand("data", "data files: bundled, installed, missing");
  data.require_subcommand(1);
  const auto add_action = [&](const char* name, const char* help) {
    CLI::App& action = *data.add_subcommand(name, help);
    action.callback([&all, name] {
      all.data.action = name;
      all.chosen = all.data;
    });
    return &action;
  };
  add_action("list", "what is bundled, installed or missing, and where to get it");
  add_action("verify", "check every installed file");
  CLI::App* add = add_action("add", "check a public data file and install it");
  add->add_option("name", all.data.name, "as `assay data list` names it")->required();
  add->add_option("file", all.data.file, "the file, as its source publishes it")->required();

  CLI::App& mock =
      add_command(app, "mock", "a server that speaks OpenAI's API without a model", all, all.mock);
  mock.add_option("--address", all.mock.address, "to listen on")->capture_default_str();
  mock.add_option("--port", all.mock.port, "0: any free one")->capture_default_str();
  mock.add_option("--model", all.mock.model, "the model's name")->capture_default_str();
  mock.add_option("--answers", all.mock.answers, "a JSONL file of answers");
  mock.add_option("--accuracy", all.mock.accuracy,
                  "share of prompts that get a row's `answer`; the others get its `wrong`")
      ->check(CLI::Range(0.0, 1.0))
      ->capture_default_str();
  mock.add_option("--latency-s", all.mock.latency_s, "of an answer that is not streamed");
  mock.add_option("--ttft-s", all.mock.ttft_s, "to the first token of a streamed answer");
  mock.add_option("--inter-token-s", all.mock.inter_token_s, "between its tokens");
  mock.add_option("--fault", all.mock.fault, "kind=rate, such as rate_limited=0.1; may be repeated")
      ->allow_extra_args(false);
  mock.add_option("--seed", all.mock.seed, "of answers and faults");
  mock.add_option("--retry-after-s", all.mock.retry_after_s, "what a 429 asks for")
      ->capture_default_str();
  mock.add_option("--lifetime-s", all.mock.lifetime_s, "end by itself after so long; 0: never");
}

// CLI11 would only say that a command is required.
void require_known_command(const CLI::App& app, int argc, const char* const* argv) {
  const std::string_view word = argc > 1 ? argv[1] : "";
  if (word.empty() || word[0] == '-') {
    return;
  }
  std::string known;
  for (const CLI::App* command : app.get_subcommands({})) {
    if (command->get_name() == word) {
      return;
    }
    known += (known.empty() ? "" : ", ") + command->get_name();
  }
  throw UserError(
      fmt::format("no command is called '{}'; there are: {}", one_line(word, 60), known));
}

}  // namespace

ParsedCommandLine parse_command_line(int argc, const char* const* argv) {
  CLI::App app(description, "assay");
  app.set_version_flag("--version", program_version());
  app.require_subcommand(1);
  app.failure_message(CLI::FailureMessage::simple);
  Choices choices;
  add_measuring_commands(app, choices);
  add_engine_commands(app, choices);
  add_reading_commands(app, choices);
  add_tool_commands(app, choices);
  require_known_command(app, argc, argv);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForHelp&) {
    return {.text = app.help()};
  } catch (const CLI::CallForVersion&) {
    return {.text = program_version() + "\n"};
  } catch (const CLI::ParseError& error) {
    throw UserError(one_line(error.what()) + "; see assay --help");  // CLI11's may span lines
  }
  return {.command = choices.chosen};
}

}  // namespace assay
