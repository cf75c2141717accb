#include "backends/openai/request_body.h"

#include <iterator>

#include <fmt/format.h>

#include "backends/openai/json_text.h"

namespace assay {

namespace {

const char* role_name(Role role) {
  switch (role) {
    case Role::system:
      return "system";
    case Role::user:
      return "user";
    case Role::assistant:
      return "assistant";
  }
  return "user";
}

void append_question(std::string& out, const Prompt& prompt) {
  if (!prompt.messages.empty()) {
    out += ",\"messages\":[";
    for (const Message& message : prompt.messages) {
      out += out.back() == '[' ? "{\"role\":\"" : ",{\"role\":\"";
      out += role_name(message.role);
      out += "\",\"content\":";
      append_json_string(out, message.content);
      out += '}';
    }
    out += ']';
  } else if (!prompt.text.empty() || prompt.tokens.empty()) {
    out += ",\"prompt\":";
    append_json_string(out, prompt.text);
  } else {
    out += ",\"prompt\":[";
    out += fmt::format("{}", fmt::join(prompt.tokens, ","));
    out += ']';
  }
}

void append_sampling(std::string& out, const OpenAiOptions& options, const Prompt& prompt) {
  const Sampling& sampling = prompt.sampling;
  const auto to = std::back_inserter(out);
  fmt::format_to(to, ",\"{}\":{}", options.max_tokens_field, sampling.max_tokens);
  if (!options.bare_reasoner) {
    fmt::format_to(to, ",\"temperature\":{}", sampling.temperature);
    if (sampling.top_p != 1) {
      fmt::format_to(to, ",\"top_p\":{}", sampling.top_p);
    }
  }
  if (sampling.top_k > 0) {
    fmt::format_to(to, ",\"top_k\":{}", sampling.top_k);
  }
  if (sampling.seed) {
    fmt::format_to(to, ",\"{}\":{}", options.seed_field,
                   *sampling.seed + static_cast<std::uint64_t>(prompt.sample_index));
  }
  if (!sampling.stop.empty()) {
    out += ",\"stop\":[";
    for (const std::string& stop : sampling.stop) {
      out += out.back() == '[' ? "" : ",";
      append_json_string(out, stop);
    }
    out += ']';
  }
  if (sampling.top_logprobs >= 0) {
    if (prompt.messages.empty()) {
      fmt::format_to(to, ",\"logprobs\":{}", sampling.top_logprobs);
    } else {
      out += ",\"logprobs\":true";
      if (sampling.top_logprobs > 0) {
        fmt::format_to(to, ",\"top_logprobs\":{}", sampling.top_logprobs);
      }
    }
  }
}

std::string refusal_of(const OpenAiOptions& options, const Sampling& sampling) {
  if (sampling.top_k > 0 && !options.top_k) {
    return fmt::format("{} takes no top_k", options.provider);
  }
  if (sampling.top_logprobs >= 0 && (!options.logprobs || options.bare_reasoner)) {
    return fmt::format("{}:{} gives no log-probabilities", options.provider, options.model);
  }
  if (!sampling.stop.empty() && options.bare_reasoner) {
    return fmt::format("{}:{} takes no stop sequences", options.provider, options.model);
  }
  return {};
}

}  // namespace

RequestBody request_body(const OpenAiOptions& options, const Prompt& prompt) {
  RequestBody body;
  body.chat = !prompt.messages.empty();
  body.refusal = refusal_of(options, prompt.sampling);
  std::string& out = body.json;
  out.reserve(512);
  out += "{\"model\":";
  append_json_string(out, options.model);
  append_question(out, prompt);
  append_sampling(out, options, prompt);
  if (options.stream) {
    out += ",\"stream\":true";
    if (options.stream_options) {
      out += ",\"stream_options\":{\"include_usage\":true}";
    }
  }
  if (options.extra.size() > 2) {
    out += ',';
    out.append(options.extra, 1, options.extra.size() - 2);
  }
  out += '}';
  return body;
}

}  // namespace assay
