#include "suites/code/python_program.h"

#include <algorithm>
#include <csignal>
#include <map>
#include <string_view>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace assay {

namespace {

using nlohmann::json;

const std::map<std::string, Kind, std::less<>>& kinds() {
  static const std::map<std::string, Kind, std::less<>> known = {
      {"passed", Kind::passed},
      {"wrong answer", Kind::wrong_answer},
      {"exception", Kind::exception},
      {"syntax error", Kind::syntax_error},
      {"timed out", Kind::timed_out},
      {"out of memory", Kind::out_of_memory},
      {"harness failure", Kind::harness_failure}};
  return known;
}

// The check's process ended without a word: by what the answer sent it, or by a fault of ours.
Outcome outcome_of_silence(const Report& report, const Limits& limits) {
  Outcome outcome;
  constexpr int out_of_memory_status = 4;
  if (report.timed_out || report.check.signal == SIGXCPU ||
      (report.check.signal == SIGKILL && report.check.cpu_s >= limits.cpu_s * 0.95)) {
    outcome.kind = Kind::timed_out;
    outcome.why = fmt::format("answer and check ran longer than {:g} s", limits.cpu_s);
    if (report.out.size() >= limits.output_bytes) {
      outcome.kind = Kind::output_limit;
      outcome.why = fmt::format("it wrote more than {} bytes", limits.output_bytes);
    }
  } else if (report.check.signal == 0 && report.check.exit_status == out_of_memory_status) {
    outcome.kind = Kind::out_of_memory;
    outcome.why = "the check had no memory for what the answer returned";
  } else {
    outcome.why = fmt::format("the check ended without a verdict (exit status {}, signal {})",
                              report.check.exit_status, report.check.signal);
  }
  return outcome;
}

}  // namespace

Outcome outcome_of_check(const Report& report, const std::string& token, const Limits& limits) {
  if (!report.trouble.empty()) {
    return {.kind = Kind::harness_failure, .why = report.trouble};
  }
  const json result = json::parse(report.result, nullptr, false);
  if (!result.is_object() || result.value("token", "") != token) {
    return outcome_of_silence(report, limits);
  }
  const std::string kind = result.value("kind", "");
  Outcome outcome;
  if (kind == "gone") {
    outcome = outcome_of_ending(report, limits);
  } else {
    const auto found = kinds().find(kind);
    outcome.kind = found == kinds().end() ? Kind::harness_failure : found->second;
    outcome.why = result.value("why", "");
    if (outcome.kind == Kind::exception &&
        std::max(report.out.size(), report.error.size()) >= limits.output_bytes) {
      outcome.kind = Kind::output_limit;
    }
  }
  outcome.calls = result.value("calls", 0);
  outcome.time_s = result.value("time_s", 0.0);
  return outcome;
}

Outcome check_python(Launcher& launcher, const std::string& code, const json& check,
                     const Limits& limits, const std::string& sanitize_for) {
  const std::string token = fresh_token();
  json with_token = check;
  with_token["token"] = token;
  Job job;
  job.mode = Mode::calls;
  job.limits = limits;
  job.code = code;
  job.sanitize_for = sanitize_for;
  job.check = with_token.dump(-1, ' ', true, json::error_handler_t::replace);
  return outcome_of_check(launcher.run(job), token, limits);
}

Outcome run_python(Launcher& launcher, const std::string& code, const std::string& input,
                   const Limits& limits, std::string& out) {
  Job job;
  job.mode = Mode::script;
  job.limits = limits;
  job.code = code;
  job.input = input;
  const Report report = launcher.run(job);
  out = report.out;
  if (!report.trouble.empty()) {
    return {.kind = Kind::harness_failure, .why = report.trouble};
  }
  constexpr int syntax_status = 3;
  const bool ended = report.answer.signal == 0 && !report.timed_out;
  Outcome outcome = outcome_of_ending(report, limits);
  if (ended && report.answer.exit_status == 0 && outcome.kind == Kind::exception) {
    outcome.kind = Kind::passed;
    outcome.why.clear();
  } else if (ended && report.answer.exit_status == syntax_status &&
             outcome.kind == Kind::exception) {
    outcome.kind = Kind::syntax_error;
    outcome.why = report.error;
  } else if (outcome.kind == Kind::exception && !report.error.empty()) {
    outcome.why = report.error;
  }
  return outcome;
}

}  // namespace assay
