#include "suites/code/outcome.h"

#include <array>
#include <csignal>
#include <cstring>
#include <stdexcept>

#include <fmt/core.h>
#include <sys/random.h>

#include "harness/codec.h"
#include "harness/utf8.h"

namespace assay {

std::string_view to_text(Kind kind) {
  switch (kind) {
    case Kind::passed:
      return "passed";
    case Kind::wrong_answer:
      return "wrong answer";
    case Kind::exception:
      return "exception";
    case Kind::syntax_error:
      return "syntax error";
    case Kind::compile_error:
      return "compile error";
    case Kind::timed_out:
      return "timed out";
    case Kind::out_of_memory:
      return "out of memory";
    case Kind::output_limit:
      return "output limit";
    case Kind::forbidden_call:
      return "forbidden call";
    case Kind::harness_failure:
      return "harness failure";
  }
  return "";
}

Verdict to_verdict(const Outcome& outcome, std::string extracted) {
  Verdict verdict;
  if (outcome.kind != Kind::harness_failure) {
    verdict.value = outcome.kind == Kind::passed ? 1.0 : 0.0;
  }
  verdict.label = to_text(outcome.kind);
  verdict.extracted = std::move(extracted);
  verdict.reason = one_line(outcome.why);
  verdict.details =
      fmt::format(R"({{"calls":{},"run_time_s":{:.6f}}})", outcome.calls, outcome.time_s);
  return verdict;
}

Outcome outcome_of_ending(const Report& report, const Limits& limits) {
  const Ending& ending = report.answer;
  Outcome outcome{.kind = Kind::exception, .why = {}, .calls = 0, .time_s = ending.cpu_s};
  const bool memory_is_short = report.error.find("bad_alloc") != std::string::npos ||
                               report.error.find("MemoryError") != std::string::npos;
  if (report.out.size() >= limits.output_bytes || report.error.size() >= limits.output_bytes ||
      ending.signal == SIGXFSZ) {
    outcome.kind = Kind::output_limit;
    outcome.why = fmt::format("it wrote more than {} bytes", limits.output_bytes);
  } else if (report.timed_out || ending.signal == SIGXCPU ||
             (ending.signal == SIGKILL && ending.cpu_s >= limits.cpu_s * 0.95)) {
    outcome.kind = Kind::timed_out;
    outcome.why = fmt::format("it ran longer than {:g} s", limits.cpu_s);
  } else if (ending.signal == SIGSYS) {
    outcome.kind = Kind::forbidden_call;
    outcome.why = "it made a system call that answers may not make";
  } else if (memory_is_short || (ending.signal == 0 && ending.exit_status == 4)) {
    outcome.kind = Kind::out_of_memory;
    outcome.why = fmt::format("it wanted more than {} MiB", limits.memory_bytes >> 20U);
  } else if (ending.signal != 0) {
    outcome.why =
        fmt::format("it was ended by signal {} ({})", ending.signal,
                    sigabbrev_np(ending.signal) == nullptr ? "?" : sigabbrev_np(ending.signal));
  } else {
    outcome.why = fmt::format("it ended itself with exit status {}", ending.exit_status);
  }
  return outcome;
}

std::string fresh_token() {
  std::array<unsigned char, 16> bytes{};
  if (getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size())) {
    throw std::runtime_error("no random bytes");
  }
  std::string text;
  for (const unsigned char byte : bytes) {
    text += fmt::format("{:02x}", byte);
  }
  return text;
}

}  // namespace assay
