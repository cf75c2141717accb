// What a model specification and the environment mean for the remote backend, checked once.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "backends/openai/providers.h"
#include "harness/catalogue.h"

namespace assay {

enum class HttpVersion { automatic, http_1_1, http_2 };

struct OpenAiOptions {
  std::string provider;
  std::string model;
  std::string base_url;    // without a trailing slash; never holds a secret
  std::string key_header;  // the whole header line; empty: none is sent. Never stored or logged.
  std::string key;         // to blot out of what a host says. Never stored or logged.

  // How requests are written.
  bool stream = true;
  bool stream_options = true;
  bool top_k = true;
  bool logprobs = true;
  bool bare_reasoner = false;  // max_completion_tokens, no sampling parameters
  std::string seed_field = "seed";
  std::string max_tokens_field = "max_tokens";
  std::string extra;        // a JSON object merged into every request; empty: none
  bool split_think = true;  // <think>...</think> in a chat's text is reasoning

  // Limits.
  int in_flight_max = 64;
  int shards = 1;  // threads, each with its share of the transfers
  int retries_max = 6;
  double timeout_s = 600;        // of one attempt
  double stall_timeout_s = 120;  // without a byte once the answer has begun
  double connect_timeout_s = 30;
  double back_off_s = 0.5;  // of the first retry; doubles
  double back_off_max_s = 60;
  double asked_wait_max_s = 300;  // a host that asks for more is not waited for
  size_t response_bytes_max = size_t{16} << 20;
  HttpVersion http = HttpVersion::automatic;
};

using Environment = std::function<std::optional<std::string>(const char* name)>;

// The process's own environment.
std::optional<std::string> environment_variable(const char* name);

// Throws UserError that names the flag, the option or the missing variable.
OpenAiOptions openai_options(const ModelSpec& spec, const Environment& environment);

// The names of --backend-option, for messages and help.
std::string_view openai_option_names();

// Lets this process hold `wanted` files at once. Throws UserError that names --in-flight where the
// system's hard limit is below it.
void allow_open_files(size_t wanted);

}  // namespace assay
