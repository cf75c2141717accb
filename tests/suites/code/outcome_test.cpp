#include "suites/code/outcome.h"

#include <csignal>

#include <nlohmann/json.hpp>

#include "suites/code/python_program.h"
#include "tests/catch.h"

using namespace assay;

namespace {

// A launcher that reports what it is told to, and keeps the job.
class FakeLauncher : public Launcher {
 public:
  Report run(const Job& job) override {
    last = job;
    Report report = next;
    if (writes_result) {
      nlohmann::json result = {{"kind", "passed"}, {"calls", 1}, {"time_s", 0.5}, {"why", ""}};
      result["token"] =
          knows_token ? nlohmann::json::parse(job.check)["token"] : nlohmann::json("guessed");
      report.result = result.dump();
    }
    return report;
  }
  std::string keep_header(const std::string&, const std::string&) override { return ""; }
  std::string kept_header(const std::string&) const override { return ""; }

  Job last;
  Report next;
  bool writes_result = false;
  bool knows_token = false;
};

}  // namespace

TEST_CASE("only the token that a check was given proves a pass") {
  FakeLauncher launcher;
  launcher.next.check.exit_status = 0;
  CHECK(check_python(launcher, "x", {{"form", "code"}}, {}).kind == Kind::harness_failure);
  launcher.writes_result = true;
  CHECK(check_python(launcher, "x", {{"form", "code"}}, {}).kind == Kind::harness_failure);
  launcher.knows_token = true;
  CHECK(check_python(launcher, "x", {{"form", "code"}}, {}).kind == Kind::passed);
  CHECK(launcher.last.code == "x");
}

TEST_CASE("a harness failure is not scored") {
  FakeLauncher launcher;
  launcher.next.trouble = "no memory for a sandbox";
  const Outcome outcome = check_python(launcher, "x", {{"form", "code"}}, {});
  CHECK(outcome.kind == Kind::harness_failure);
  CHECK_FALSE(to_verdict(outcome, "").value.has_value());
}

TEST_CASE("the way a process ended says what became of it") {
  const Limits limits;
  const auto kind = [&](int status, int signal, double cpu_s = 0) {
    Report report;
    report.answer = {.exit_status = status, .signal = signal, .cpu_s = cpu_s};
    return outcome_of_ending(report, limits).kind;
  };
  CHECK(kind(0, 0) == Kind::exception);
  CHECK(kind(4, 0) == Kind::out_of_memory);
  CHECK(kind(-1, SIGSYS) == Kind::forbidden_call);
  CHECK(kind(-1, SIGSEGV) == Kind::exception);
  CHECK(kind(-1, SIGXFSZ) == Kind::output_limit);
  CHECK(kind(-1, SIGKILL, limits.cpu_s) == Kind::timed_out);
}

TEST_CASE("tokens differ, and reasons are one line") {
  CHECK(fresh_token() != fresh_token());
  CHECK(fresh_token().size() == 32);
  CHECK(one_line("a\nb\x1b[31m") == "a b [31m");
}
