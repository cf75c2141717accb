// The hosts that speak OpenAI's chat API, and where each differs from it.
#pragma once

#include <string_view>
#include <vector>

namespace assay {

// As documented by each host in 2025; a base URL can be replaced by --base-url.
struct Provider {
  std::string_view name;
  std::string_view summary;
  std::string_view base_url;  // empty: --base-url is required
  std::string_view key_variable;
  bool key_required = true;     // of the host's own base URL
  bool top_k = false;           // takes `top_k`
  bool stream_options = true;   // takes `stream_options`; else it sends usage unasked
  bool bare_reasoners = false;  // models named o1.., gpt-5.. take max_completion_tokens and no
                                // sampling parameters
  bool logprobs = true;         // takes `logprobs`
  std::string_view seed_field = "seed";
  std::string_view key_header = "Authorization: Bearer ";
};

const std::vector<Provider>& providers();

// nullptr: there is none of that name.
const Provider* find_provider(std::string_view name);

}  // namespace assay
