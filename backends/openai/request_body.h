// A prompt as the JSON that the API takes.
#pragma once

#include <string>

#include "backends/openai/options.h"
#include "harness/prompt.h"

namespace assay {

struct RequestBody {
  bool chat = true;  // the endpoint: chat/completions or completions
  std::string json;
  std::string refusal;  // not empty: this host cannot be asked so, and why (one line)
};

// Pure. A parameter that the host does not take is refused rather than dropped, with two exceptions
// that are part of identity(): what OpenAI's reasoning models fix themselves (temperature, top_p),
// and values that mean "off".
RequestBody request_body(const OpenAiOptions& options, const Prompt& prompt);

}  // namespace assay
