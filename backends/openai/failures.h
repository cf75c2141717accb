// What a host's refusal means: its kind, whether trying again can help, and how long it asks to
// wait.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "harness/response.h"

namespace assay {

struct Trouble {
  Failure kind = Failure::failed;
  bool try_again = true;
  bool content_filter = false;  // the host withheld the answer: a finish, not a failure
  std::string message;          // one line
};

// What an answer with an error status means. The body is whatever the host sent.
Trouble trouble_of_status(int status, std::string_view body);

// What `{"error": ...}` in the midst of a stream, or in an answer with status 200, means.
Trouble trouble_of_error_text(std::string_view json);

// The headers that say when to come back, as they arrived; empty: not sent.
struct WaitHeaders {
  std::string retry_after;                         // seconds, or a date (RFC 9110, 10.2.3)
  std::string retry_after_ms;                      // OpenAI and Azure
  std::string remaining_requests, reset_requests;  // x-ratelimit-...
  std::string remaining_tokens, reset_tokens;
};

// Seconds that the host asks to wait after it turned a request away; empty: it does not say.
std::optional<double> asked_wait(const WaitHeaders& headers, double unix_time_s);

// Seconds until a used-up quota is filled again, when the headers of an answer say that nothing is
// left; else 0.
double used_up_for_s(const WaitHeaders& headers);

// "20ms", "1.5s", "6m0s", "1h2m3s", or a bare number of seconds; empty: none of these.
std::optional<double> parse_duration_s(std::string_view text);

// A host's text as one printable line of at most 300 bytes.
std::string one_line(std::string_view text);

}  // namespace assay
