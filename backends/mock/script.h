// What the mock server does with one request, decided before the first byte is sent: the steps to
// play, and the fault, if it is to be one.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "backends/mock/answers.h"

namespace assay {

enum class Fault {
  none,
  rate_limited,       // 429 with Retry-After
  server_error,       // 500
  disconnect_before,  // closed without a byte
  disconnect_mid,     // closed within the answer
  truncated,          // ends as if it were whole: half a JSON text, or no [DONE]
  malformed,          // not JSON
  wrong_types,        // JSON of the wrong shape
  endless,            // a body that never ends
  oversized,          // a response larger than any limit
  content_filter,     // withheld by the host
};

struct FaultRates {  // each 0 .. 1, together at most 1
  double rate_limited = 0;
  double server_error = 0;
  double disconnect_before = 0;
  double disconnect_mid = 0;
  double truncated = 0;
  double malformed = 0;
  double wrong_types = 0;
  double endless = 0;
  double oversized = 0;
  double content_filter = 0;
};

struct MockServerOptions {
  std::string address = "127.0.0.1";
  int port = 0;  // 0: any free one
  std::string model = "mock";
  AnswerBookOptions answers;
  double latency_s = 0;      // of a whole answer that is not streamed
  double ttft_s = 0;         // to the first token of a streamed one
  double inter_token_s = 0;  // between its tokens
  FaultRates faults;
  std::uint64_t seed = 0;
  int faults_in_a_row_max = 3;  // a body that is sent again is answered after at most so many
  double retry_after_s = 1;     // of a 429
  size_t oversized_bytes = size_t{20} << 20;
  std::string key;        // not empty: requests must bear it, and those that do not get a 401
  double lifetime_s = 0;  // `assay mock` ends by itself after so long; 0: never
};

// Pure: a function of the seed, the body's hash and how often that body came before (from 0). Which
// requests are withheld by content_filter does not depend on the attempt, since they are not tried
// again.
Fault fault_for(const MockServerOptions& options, std::uint64_t body_hash, int attempt);

struct MockRequest {
  std::string target;  // "/v1/chat/completions"
  std::string body;
  std::string authorization;  // the header's value
  bool post = true;
};

struct Step {
  double wait_s = 0;  // before the bytes are sent
  std::string bytes;
  std::uint64_t times = 1;  // how often they are sent, the wait each time
};

enum class After { keep_open, close };

struct Script {
  std::vector<Step> steps;
  After after = After::keep_open;
};

// Pure but for answers that are given in turn.
Script script_for(const MockServerOptions& options, const AnswerBook& book,
                  const MockRequest& request, Fault fault);

}  // namespace assay
