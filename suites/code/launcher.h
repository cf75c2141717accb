// Child processes under limits: the one door through which text that a model wrote becomes a
// running program.
//
// A job runs an answer and, in most modes, a check beside it. They are two processes that share a
// pair of pipes and nothing else: the check knows what is expected and holds a token; the answer
// knows its own code. Only the check can write to `Report::result`.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

namespace assay {

struct Limits {
  double wall_s = 12;                                    // of answer and check together
  double cpu_s = 3;                                      // of each process
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;   // address space of each process
  std::uint64_t output_bytes = std::uint64_t{4} << 20;   // of each stream and file written
  std::uint64_t folder_bytes = std::uint64_t{32} << 20;  // of the private /tmp
  int threads = 64;                                      // threads and processes in the sandbox
};

// A convention's time limit counts processor time, and the clock may show twice as much: a machine
// that is busy with other things must not fail an answer at once, and what only sleeps still ends.
// For an answer that computes, on an idle machine, this is the limit that the conventions mean.
constexpr double clock_factor = 2;
inline Limits limits_of(double time_s, std::uint64_t memory_bytes = std::uint64_t{2} << 30) {
  return {.wall_s = clock_factor * time_s, .cpu_s = time_s, .memory_bytes = memory_bytes};
}

enum class Mode {
  calls,    // Python: loaded as a module, called by a check
  script,   // Python: run as a program on `input`
  compile,  // `argv` with `code` on standard input, and in a file program.cpp where `argv` names
            // it; what it leaves as `program` becomes Report::binary
  native,   // a compiled program on `input`, or one that serves the calls of a check
  joined,   // a compiled program that holds answer and check in one: see suites/code/cpp_program.h
};

struct Job {
  Mode mode = Mode::calls;
  Limits limits;
  std::string code;               // the answer's text (calls, script), or the source to compile
  std::string sanitize_for;       // calls: EvalPlus's rule finds the program in `code`, by this
                                  // function's name; empty: all of it is the program
  std::string input;              // standard input (script, native)
  std::string binary;             // what to execute (native, joined)
  std::vector<std::string> argv;  // the compiler's (compile)
  std::string check;  // what the check reads, with the token: JSON (calls), the token (native,
                      // joined); empty: no check
  std::string check_binary;  // the check's program (native with a check)
};

// How one process ended.
struct Ending {
  int exit_status = -1;  // -1: by a signal, or killed by the launcher at the end of the job
  int signal = 0;
  double cpu_s = 0;
  std::uint64_t memory_bytes = 0;  // the most that was resident
};

struct Report {
  std::string trouble;  // not empty: the launcher itself failed, and the rest means nothing
  bool timed_out = false;
  double wall_s = 0;
  Ending answer;
  Ending check;
  std::string out;     // the answer's standard output, at most Limits::output_bytes
  std::string error;   // its standard error, likewise
  std::string result;  // what the check wrote; only a check (or a joined program) can
  std::string binary;  // what the compiler made (compile)
};

// Thread rule: run may be called from many threads; it blocks until the job is over. When it
// returns no process, file or mount of the answer is left, and of its check at most a process that
// waits for the next one. Never throws on account of a program.
class Launcher {
 public:
  virtual ~Launcher() = default;
  virtual Report run(const Job& job) = 0;

  // Keeps a file that later compile jobs can read; returns the folder under which they see it, or
  // an empty text where the launcher keeps none. `name` may hold slashes.
  virtual std::string keep_header(const std::string& name, const std::string& bytes) = 0;

  // That folder where a file of this name is kept already, else an empty text.
  virtual std::string kept_header(const std::string& name) const = 0;
};

}  // namespace assay
