// What a person or a pipe sees while a run is at work.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <ostream>
#include <string>

#include "harness/statistics.h"

namespace assay {

// Where a run stands. Plain data; printers only format it.
struct RunState {
  std::int64_t run_id = 0;
  std::string suite;
  std::string model;
  std::uint64_t total = 0;     // samples of the run
  std::uint64_t resumed = 0;   // of them answered by earlier commands
  std::uint64_t answered = 0;  // by this command, the failed ones not among them
  std::uint64_t failed = 0;    // requests that failed for good
  std::uint64_t from_cache = 0;
  std::optional<Score> score;  // so far, the answers of earlier commands included
  std::uint64_t completion_tokens = 0;
  double cost_usd = 0;
  bool cost_known = false;
  double elapsed_s = 0;  // of this command
  std::string last_error;

  std::uint64_t done() const { return resumed + answered + failed; }
};

enum class ProgressStyle { terminal, plain, json, silent };

// Called by the run loop from one thread, at most a few times a second, and once at the end.
class Progress {
 public:
  virtual ~Progress() = default;
  virtual void started(const RunState& state) = 0;
  virtual void update(const RunState& state) = 0;
  virtual void finished(const RunState& state) = 0;
};

// terminal: one line that is written over; plain: a line every 10 s; json: an object a line, about
// one a second.
std::unique_ptr<Progress> make_progress(ProgressStyle style, std::ostream& out);

// "1,204/1,319  91 %  38.2 answers/s  4,980 tokens/s  score 71.3 % [68.8, 73.7]  2 failed  $0.41  3
// s left"
std::string progress_line(const RunState& state);

}  // namespace assay
