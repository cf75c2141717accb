// The first process of a sandbox, as the interpreter in it sees it: a library that Python loads
// with ctypes. One call receives jobs and forks for each; it returns only in a forked process,
// which then is an answer or a check, and at the end.
//
// It never reads an answer or a test: they arrive as descriptors and are read by the process that
// may know them, so that nothing an answer can find in its own memory says what is expected. An
// answer runs as the first process of a process namespace of its own; when it is killed the kernel
// kills whatever it started. The order in one job: receive, fork answer and check, wait, kill,
// report.
//
// In C++ because of what a fork costs: every page that the first process or a child touches is
// copied once for each program, and an interpreter touches hundreds to do what this does with few.
#pragma once

#include <cstdint>

extern "C" {

// What a forked process has become. The same layout as _Part in supervisor.py.
struct AssayPart {
  std::int32_t kind;         // 0: nothing, the harness has gone; 1: calls; 2: script; 3: check
  const char* sanitize_for;  // calls: see Job::sanitize_for
};

// One job of a check: descriptors, and the process it talks to. As _Check in supervisor.py.
struct AssayCheck {
  std::int32_t answer_in;
  std::int32_t answer_out;
  std::int32_t check;
  std::int32_t result;
  std::int32_t answer_pid;
  double cpu_began_s;  // what this process had used before
};

// Called while the interpreter holds its lock and has no other thread, so that a fork leaves it as
// it is. `channel`: where jobs arrive. Ends the process with a line on standard error where the
// machine cannot isolate programs.
void assay_serve(int channel, AssayPart* part);

// In a check: waits for its next job. 0: there will be none.
int assay_next_check(AssayCheck* check);

// In a check: its job is done and its result written. `stays`: nothing of it is left behind, so
// that this process may take another one; otherwise it must end.
void assay_check_done(const AssayCheck* check, int stays);
}
