// How a forked process of the sandbox becomes a program: its descriptors, folder, limits, rights
// and filter. Used by suites/code/sandbox/supervisor.cpp only; C++ without exceptions or its
// library.
#pragma once

#include <linux/filter.h>
#include <sys/resource.h>
#include <sys/types.h>

#include "suites/code/launcher.h"
#include "suites/code/sandbox/job_wire.h"
#include "suites/code/seccomp_filter.h"

namespace assay {

// Numbers below this are kept for programs: every other descriptor of a sandbox has a higher one.
constexpr int first_own_descriptor = 10;
constexpr int status_of_trouble = 97;

// In memory that the first process shares with the one it has just forked, until a program begins.
struct SharedPage {
  std::array<char, 500> trouble;
  EndingWire program;  // of a native program, whose parent is not the first process
  std::int32_t has_program;
};

// What is the same for every job.
struct SandboxState {
  int channel = -1;
  int null = -1;
  int own_pid = -1;  // a pidfd of the first process
  bool isolated = true;
  std::array<sock_fprog, filter_kinds> filters{};
  SharedPage* shared = nullptr;
};

struct RunningJob {
  JobWire wire;
  std::array<int, job_files> files{};  // descriptors by JobFile; -1: not given
  const char* sanitize_for = "";
  const char* folder = "";
  std::array<char*, job_arguments_max> arguments{};
  // The pipes between answer and check.
  int answer_in = -1;
  int answer_out = -1;
  int check_in = -1;
  int check_out = -1;
  int operator[](JobFile which) const { return files[static_cast<std::size_t>(which)]; }
  Mode mode() const { return static_cast<Mode>(wire.mode); }
};

// Says what the kernel refused, and ends this process: what follows must not run without it.
[[noreturn]] void give_up(const SandboxState& state, const char* what);

// Puts this process, and all that it forks, under one filter more.
void filter_calls(const SandboxState& state, FilterKind kind);

// The rest of the start of an answer, in its own process. Returns only for Python.
void become_python_answer(const SandboxState& state, const RunningJob& job);
[[noreturn]] void become_native_answer(const SandboxState& state, const RunningJob& job);
[[noreturn]] void become_native_check(const SandboxState& state, const RunningJob& job);

// A check that stands ready for the jobs of one supervisor; `control` is its end of their socket.
void become_python_check(const SandboxState& state, const RunningJob& job, int control);

// Does once what every answer needs.
void try_isolation(const SandboxState& state);

EndingWire ending_of(int status, const rusage& usage);

}  // namespace assay
