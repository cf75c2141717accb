#include "suites/code/cpp_program.h"

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/stat.h>

#include "harness/digest.h"
#include "harness/utf8.h"
#include "suites/code/cpp_joined.h"
#include "suites/code/cpp_text.h"
#include "suites/code/python_program.h"

namespace assay {

namespace {

using nlohmann::json;

constexpr const char* compiler = "/usr/bin/g++";
constexpr const char* header_text = "#include <bits/stdc++.h>\n";

// Another compiler makes other headers; its file's size and time tell it apart.
std::string compiler_identity() {
  struct stat facts {};
  if (stat(compiler, &facts) != 0) {
    return "";
  }
  return fmt::format("{}-{}-{}", std::filesystem::canonical(compiler).string(), facts.st_size,
                     facts.st_mtime);
}

// The lines of `text` that are preprocessor directives or say `using namespace`.
std::string directives(const std::string& text) {
  std::string kept;
  for (std::size_t begin = 0; begin < text.size();) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    const std::string line = text.substr(begin, end - begin);
    const std::size_t first = line.find_first_not_of(" \t");
    if (first != std::string::npos &&
        (line[first] == '#' || line.compare(first, 15, "using namespace") == 0)) {
      kept += line + "\n";
    }
    begin = end + 1;
  }
  return kept;
}

// The compiler's first complaint.
std::string first_error(const std::string& text) {
  const std::size_t error = text.find("error:");
  const std::size_t begin = error == std::string::npos ? 0 : error;
  return one_line(std::string_view(text).substr(begin, text.find('\n', begin) - begin));
}

Outcome compile_failure(const Report& report, const Limits& limits) {
  Outcome outcome;
  if (!report.trouble.empty()) {
    outcome.why = report.trouble;
  } else if (report.timed_out) {
    outcome.kind = Kind::timed_out;
    outcome.why = fmt::format("the compiler ran longer than {:g} s", limits.cpu_s);
  } else {
    outcome.kind = Kind::compile_error;
    outcome.why = first_error(report.error);
    if (outcome.why.empty()) {
      outcome.why = fmt::format("the compiler ended with status {}, signal {}",
                                report.answer.exit_status, report.answer.signal);
    }
  }
  return outcome;
}

// A program that a check or a token has not spoken for: how it ended says what it was.
Outcome outcome_of_failed_check(const Ending& check) {
  Outcome outcome{.kind = Kind::wrong_answer, .why = {}};
  outcome.why = check.signal == SIGABRT ? "an assertion failed"
                : check.signal != 0
                    ? fmt::format("the test was ended by signal {}", check.signal)
                    : fmt::format("the test ended with status {}", check.exit_status);
  return outcome;
}

}  // namespace

CppPrograms::CppPrograms(Launcher& launcher, CppOptions options)
    : launcher_(launcher), options_(std::move(options)) {}

std::vector<std::string> CppPrograms::command(const std::string& source) {
  std::vector<std::string> argv = {compiler,
                                   "-std=c++17",
                                   options_.optimise,
                                   "-w",
                                   "-pipe",
                                   "-fmax-errors=3",
                                   "-fno-diagnostics-show-caret"};
  // Under a name of its own: the answer's own #include <bits/stdc++.h> finds the system's.
  const std::string header =
      header_folder_.empty() ? "bits/stdc++.h" : header_folder_ + "/assay_std.h";
  // From standard input: a file could be read back by the answer's own #include or .incbin.
  argv.insert(argv.end(), {"-include", header, "-o", "program", "-x", "c++", "-"});
  if (source.find("openssl/") != std::string::npos) {
    argv.emplace_back("-lcrypto");
  }
  argv.emplace_back("-pthread");
  return argv;
}

void CppPrograms::prepare_header() {
  if (!options_.precompiled_header) {
    return;
  }
  const std::string key =
      sha256_hex(compiler_identity() + options_.optimise + "-std=c++17 -pthread").substr(0, 16);
  const std::string name = key + "/assay_std.h.gch";
  std::string folder = launcher_.kept_header(name);
  if (folder.empty()) {
    Job job;
    job.mode = Mode::compile;
    job.limits = options_.compiling;
    job.limits.wall_s = 400;
    job.limits.cpu_s = 100;
    job.limits.output_bytes = std::uint64_t{1} << 30;
    job.limits.folder_bytes = std::uint64_t{1} << 30;
    job.code = header_text;
    job.argv = {compiler, "-std=c++17", options_.optimise, "-w", "-pthread",
                "-x",     "c++-header", "program.cpp",     "-o", "program"};
    const Report report = launcher_.run(job);
    if (report.trouble.empty() && report.answer.exit_status == 0 && !report.binary.empty()) {
      // The text beside it is what a compiler falls back on that cannot use the other.
      folder = launcher_.keep_header(key + "/assay_std.h", header_text);
      folder = folder.empty() ? "" : launcher_.keep_header(name, report.binary);
    }
  }
  header_folder_ = folder.empty() ? "" : folder + "/" + key;
}

std::shared_ptr<const CppPrograms::Compiled> CppPrograms::compile_now(const std::string& source) {
  std::call_once(header_once_, [this] { prepare_header(); });
  Job job;
  job.mode = Mode::compile;
  job.limits = options_.compiling;
  job.code = source;
  job.argv = command(source);
  Report report = launcher_.run(job);
  auto compiled = std::make_shared<Compiled>();
  if (report.trouble.empty() && report.answer.exit_status == 0 && !report.timed_out) {
    compiled->binary = std::move(report.binary);
  }
  if (compiled->binary.empty()) {
    compiled->failure = compile_failure(report, job.limits);
  }
  return compiled;
}

std::shared_ptr<const CppPrograms::Compiled> CppPrograms::compile(const std::string& source) {
  const std::string key = sha256_hex(source);
  {
    const std::lock_guard lock(mutex_);
    if (const auto found = cache_.find(key); found != cache_.end()) {
      used_.splice(used_.begin(), used_, found->second);
      return found->second->compiled;
    }
  }
  std::shared_ptr<const Compiled> compiled = compile_now(source);
  // Only what would come out the same again is kept.
  if (compiled->binary.empty() && compiled->failure.kind != Kind::compile_error) {
    return compiled;
  }
  const std::lock_guard lock(mutex_);
  if (!cache_.contains(key)) {
    used_.push_front({key, compiled});
    cache_[key] = used_.begin();
    cache_bytes_ += compiled->binary.size() + key.size();
  }
  while (cache_bytes_ > options_.cache_bytes_max && used_.size() > 1) {
    cache_bytes_ -= used_.back().compiled->binary.size() + used_.back().key.size();
    cache_.erase(used_.back().key);
    used_.pop_back();
  }
  return compiled;
}

Outcome CppPrograms::check_apart(const std::string& answer_binary, const std::string& check_binary,
                                 const Limits& limits) {
  const std::string token = fresh_token();
  Job job;
  job.mode = Mode::native;
  job.limits = limits;
  job.binary = answer_binary;
  job.check = token;
  job.check_binary = check_binary;
  const Report report = launcher_.run(job);
  if (!report.trouble.empty() || report.timed_out || !report.result.empty()) {
    return outcome_of_check(report, token, limits);
  }
  constexpr int pipe_broke = 98;
  if (report.check.exit_status == pipe_broke) {
    return outcome_of_ending(report, limits);
  }
  return outcome_of_failed_check(report.check);
}

Outcome CppPrograms::run_joined(const std::string& program, const JoinedSecrets& secrets,
                                const Limits& limits) {
  const std::shared_ptr<const Compiled> compiled = compile(program);
  if (compiled->binary.empty()) {
    return compiled->failure;
  }
  const std::string token = fresh_token();
  Job job;
  job.mode = Mode::joined;
  job.limits = limits;
  job.binary = compiled->binary;
  job.check = token;
  const Report report = launcher_.run(job);
  if (!report.trouble.empty()) {
    return {.kind = Kind::harness_failure, .why = report.trouble};
  }
  const json result = json::parse(report.result, nullptr, false);
  if (result.is_object() && result.value("token", json()) == token &&
      result.value("proof", json()) == secrets.proof) {
    return {.kind = Kind::passed,
            .why = "checked in one program with the answer",
            .time_s = report.answer.cpu_s};
  }
  Outcome outcome = outcome_of_ending(report, limits);
  constexpr int assertion_status = 134;
  if (outcome.kind == Kind::exception && report.answer.exit_status == assertion_status &&
      report.error.find("Assertion failed") != std::string::npos) {
    outcome.kind = Kind::wrong_answer;
    outcome.why = "an assertion failed";
  } else if (outcome.kind == Kind::exception && !report.error.empty()) {
    outcome.why = report.error;
  }
  return outcome;
}

Outcome CppPrograms::check_joined(const std::optional<CppSignature>& signature,
                                  const CppQuestion& question, const std::string& answer,
                                  const Limits& limits) {
  const std::string prompt = signature ? signature->before : "";
  if (const std::string why = joined_objection(answer, prompt); !why.empty()) {
    return {.kind = Kind::compile_error, .why = why};
  }
  const JoinedSecrets secrets = joined_secrets(answer, question.tests);
  const auto program = [&](JoinedForm form) {
    return joined_program(signature, answer, question.tests, secrets, form);
  };
  const std::optional<std::string> real = program(JoinedForm::real);
  if (!real) {
    return {.kind = Kind::harness_failure, .why = "the test has no main function"};
  }
  Outcome outcome = run_joined(*real, secrets, limits);
  if (outcome.kind != Kind::passed || !signature) {
    return outcome;
  }
  // What passes whatever its function returns has not passed, unless the test is such that anything
  // does.
  if (run_joined(*program(JoinedForm::replaced), secrets, limits).kind == Kind::passed &&
      run_joined(*program(JoinedForm::only_stub), secrets, limits).kind == Kind::wrong_answer) {
    return {.kind = Kind::wrong_answer,
            .why = "the test passes with another function in the place of the answer's"};
  }
  return outcome;
}

// A whole answer may repeat what the prompt defines before the function: then the prompt's own text
// but for its directives is left out. The check has its own copy of it.
std::shared_ptr<const CppPrograms::Compiled> CppPrograms::compile_apart(
    const CppSignature& signature, const std::string& answer) {
  std::shared_ptr<const Compiled> program = compile(answer_program(signature, answer));
  const bool may_repeat = program->binary.empty() &&
                          without_comments(signature.before).find('{') != std::string::npos &&
                          answer.compare(0, signature.before.size(), signature.before) == 0;
  if (may_repeat) {
    const std::string rest = answer.substr(signature.before.size());
    program = compile(answer_program(signature, directives(signature.before) + rest));
  }
  return program;
}

Outcome CppPrograms::check(const CppQuestion& question, const std::string& answer,
                           const Limits& limits) {
  const std::optional<CppSignature> signature = cpp_signature(question.prompt);
  if (signature && signature->crosses) {
    const std::optional<std::string> text = check_program(*signature, question.tests);
    const std::shared_ptr<const Compiled> check = text ? compile(*text) : nullptr;
    if (check && !check->binary.empty()) {
      // No joining where the answer alone does not compile: that would be a way around the wall.
      const std::shared_ptr<const Compiled> program = compile_apart(*signature, answer);
      return program->binary.empty() ? program->failure
                                     : check_apart(program->binary, check->binary, limits);
    }
  }
  return check_joined(signature, question, answer, limits);
}

Outcome CppPrograms::run(const std::string& code, const std::string& input, const Limits& limits,
                         std::string& out) {
  const std::shared_ptr<const Compiled> compiled = compile(code);
  if (compiled->binary.empty()) {
    return compiled->failure;
  }
  Job job;
  job.mode = Mode::native;
  job.limits = limits;
  job.binary = compiled->binary;
  job.input = input;
  const Report report = launcher_.run(job);
  out = report.out;
  if (!report.trouble.empty()) {
    return {.kind = Kind::harness_failure, .why = report.trouble};
  }
  Outcome outcome = outcome_of_ending(report, limits);
  if (outcome.kind == Kind::exception && report.answer.signal == 0 &&
      report.answer.exit_status == 0) {
    outcome.kind = Kind::passed;
    outcome.why.clear();
  }
  return outcome;
}

}  // namespace assay
