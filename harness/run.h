// The run loop: every question of a suite, k times, put to a backend, judged and kept.
#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "harness/backend.h"
#include "harness/progress.h"
#include "harness/records.h"
#include "harness/store.h"
#include "harness/suite.h"

namespace assay {

// One suite, one model, one sampling, k samples a question. Everything is decided here; `run` asks
// nobody else.
struct RunSpec {
  const Suite* suite = nullptr;
  Backend* backend = nullptr;
  std::string model;  // "provider:name", as it was asked for
  Sampling sampling;  // the suite's, with what flags changed
  int samples = 1;    // k
  int limit = 0;      // only the first so many questions; 0: all
  std::size_t in_flight_max = 64;
  bool use_cache =
      false;  // serve an answer of an earlier run where everything that determines it is the same
  bool fresh = false;   // begin a new run even where an unfinished one could be continued
  std::string name;     // for `gate --baseline NAME`; may be empty
  std::string command;  // as it was typed
  std::int64_t machine_id = 0;
  std::function<std::optional<double>(const Response&)>
      price_usd;  // empty where there are no prices

  // A server that refuses everything would be asked a thousand times to no end: after this many
  // requests in a row that failed for good, no further ones are sent.
  int failures_in_a_row_max = 32;
};

// What decides whether two runs are comparable sample by sample, and whether one may continue the
// other.
RunRecord record_of(const RunSpec& spec, const std::vector<Question>& questions);

// Returns when every sample is answered, or has failed, or the run was interrupted or gave up: all
// that arrived is in the store then. Throws StoreError. The final state says how it ended.
RunState run(const RunSpec& spec, Store& store, Progress& progress);

}  // namespace assay
