#include "backends/mock/script.h"

#include <algorithm>
#include <limits>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace assay {

namespace {

using nlohmann::json;

// A request as the API means it.
struct Asked {
  bool chat = true;
  bool stream = false;
  bool include_usage = false;
  int tokens_max = std::numeric_limits<int>::max();
  std::string prompt;
};

const char* reason_phrase(int status) {
  switch (status) {
    case 200:
      return "OK";
    case 400:
      return "Bad Request";
    case 401:
      return "Unauthorized";
    case 404:
      return "Not Found";
    case 405:
      return "Method Not Allowed";
    case 429:
      return "Too Many Requests";
    default:
      return "Internal Server Error";
  }
}

std::string head(int status, const std::string& rest) {
  return fmt::format("HTTP/1.1 {} {}\r\nServer: assay-mock\r\n{}\r\n", status,
                     reason_phrase(status), rest);
}

std::string with_body(int status, const std::string& body, const std::string& headers = {}) {
  return head(status, fmt::format("Content-Type: application/json\r\nContent-Length: {}\r\n{}",
                                  body.size(), headers)) +
         body;
}

Script one_reply(int status, const std::string& message, const std::string& code,
                 const std::string& headers = {}) {
  const json body = {{"error", {{"message", message}, {"type", code}, {"code", code}}}};
  return {.steps = {{.bytes = with_body(status, body.dump(), headers)}}};
}

std::string chunk(const std::string& bytes) {
  return fmt::format("{:x}\r\n{}\r\n", bytes.size(), bytes);
}

std::string event(const json& data) {
  return chunk("data: " + data.dump() + "\n\n");
}

// Words with the blanks before them, so that the pieces joined are the text.
std::vector<std::string> pieces_of(const std::string& text) {
  std::vector<std::string> pieces;
  size_t start = 0;
  while (start < text.size()) {
    const size_t word = std::min(text.find_first_not_of(" \n", start), text.size());
    const size_t end = std::min(text.find_first_of(" \n", word), text.size());
    pieces.push_back(text.substr(start, end - start));
    start = end;
  }
  return pieces;
}

std::string content_text(const json& content) {
  if (content.is_string()) {
    return content.get<std::string>();
  }
  std::string text;
  if (content.is_array()) {
    for (const json& part : content) {
      text += part.is_object() && part.contains("text") && part["text"].is_string()
                  ? part["text"].get<std::string>()
                  : "";
    }
  }
  return text;
}

std::string prompt_of(const json& body, bool chat) {
  if (chat) {
    const json& last = body["messages"].back();
    return last.is_object() && last.contains("content") ? content_text(last["content"]) : "";
  }
  const json& prompt = body["prompt"];
  return prompt.is_string() ? prompt.get<std::string>() : prompt.dump();
}

// The first thing that is wrong with a request; empty: nothing.
std::string read_request(const MockRequest& request, Asked& asked) {
  const json body = json::parse(request.body, nullptr, false);
  if (!body.is_object()) {
    return "the body is not a JSON object";
  }
  const char* question = asked.chat ? "messages" : "prompt";
  if (!body.contains(question) ||
      (asked.chat && (!body[question].is_array() || body[question].empty()))) {
    return fmt::format("'{}' is missing", question);
  }
  asked.prompt = prompt_of(body, asked.chat);
  asked.stream = body.contains("stream") && body["stream"] == true;
  if (body.contains("stream_options") && body["stream_options"].is_object()) {
    asked.include_usage = body["stream_options"].value("include_usage", json(false)) == true;
  }
  for (const char* key : {"max_tokens", "max_completion_tokens"}) {
    if (body.contains(key) && body[key].is_number_integer()) {
      asked.tokens_max = static_cast<int>(std::clamp<std::int64_t>(
          body[key].get<std::int64_t>(), 0, std::numeric_limits<int>::max()));
    }
  }
  return {};
}

// An answer cut into tokens, as both forms of the reply need it.
struct Reply {
  std::vector<std::string> reasoning;
  std::vector<std::string> text;
  std::string finish = "stop";
  json usage;
};

std::string joined(const std::vector<std::string>& pieces) {
  std::string text;
  for (const std::string& piece : pieces) {
    text += piece;
  }
  return text;
}

Reply reply_for(const AnswerBook& book, const Asked& asked, const MockRequest& request) {
  const CannedAnswer answer = book.lookup(asked.prompt, stable_hash(request.body, 0));
  Reply reply{.reasoning = pieces_of(answer.reasoning), .text = pieces_of(answer.text)};
  if (answer.withheld) {
    reply.finish = "content_filter";
  }
  const auto tokens_max = static_cast<size_t>(asked.tokens_max);
  if (reply.reasoning.size() + reply.text.size() > tokens_max) {
    reply.finish = "length";
    reply.reasoning.resize(std::min(reply.reasoning.size(), tokens_max));
    reply.text.resize(std::min(reply.text.size(), tokens_max - reply.reasoning.size()));
  }
  const size_t prompt_tokens = pieces_of(asked.prompt).size();
  const size_t tokens = reply.reasoning.size() + reply.text.size();
  reply.usage = {{"prompt_tokens", prompt_tokens},
                 {"completion_tokens", tokens},
                 {"total_tokens", prompt_tokens + tokens},
                 {"completion_tokens_details", {{"reasoning_tokens", reply.reasoning.size()}}},
                 {"prompt_tokens_details", {{"cached_tokens", 0}}}};
  return reply;
}

json envelope(const MockServerOptions& options, const Asked& asked, json choice) {
  choice["index"] = 0;
  const char* object = !asked.chat    ? "text_completion"
                       : asked.stream ? "chat.completion.chunk"
                                      : "chat.completion";
  return {{"id", "mock-1"},
          {"object", object},
          {"created", 1700000000},
          {"model", options.model},
          {"choices", json::array({std::move(choice)})}};
}

// Half of `body` where it is to be broken, so that most of it still looks right.
Script whole_reply(const MockServerOptions& options, const Asked& asked, const Reply& reply,
                   Fault fault) {
  json choice = {
      {"finish_reason", fault == Fault::content_filter ? "content_filter" : reply.finish},
      {"logprobs", nullptr}};
  const std::string text = fault == Fault::content_filter ? "" : joined(reply.text);
  if (asked.chat) {
    choice["message"] = {{"role", "assistant"}, {"content", text}};
    if (!reply.reasoning.empty()) {
      choice["message"]["reasoning_content"] = joined(reply.reasoning);
    }
  } else {
    choice["text"] = text;
  }
  json value = envelope(options, asked, std::move(choice));
  value["usage"] = reply.usage;
  if (fault == Fault::wrong_types) {
    value["choices"][0] = {{"message", {{"content", 17}}}, {"finish_reason", json::array()}};
  }
  std::string body = value.dump();
  const auto tokens = static_cast<double>(reply.text.size() + reply.reasoning.size());
  const double wait_s = options.latency_s > 0
                            ? options.latency_s
                            : options.ttft_s + options.inter_token_s * std::max(0.0, tokens - 1);
  if (fault == Fault::disconnect_mid) {
    const std::string whole = with_body(200, body);
    return {.steps = {{wait_s, whole.substr(0, whole.size() - body.size() / 2)}},
            .after = After::close};
  }
  if (fault == Fault::truncated) {
    body.resize(body.size() / 2);
  } else if (fault == Fault::malformed) {
    body = "{\"choices\": [{\"message\": {\"content\": \"half a " + body;
  }
  return {.steps = {{wait_s, with_body(200, body)}}};
}

json delta(const Asked& asked, const char* field, const std::string& piece) {
  if (!asked.chat) {
    return {{"text", piece}, {"finish_reason", nullptr}};
  }
  return {{"delta", {{field, piece}}}, {"finish_reason", nullptr}};
}

Script streamed_reply(const MockServerOptions& options, const Asked& asked, const Reply& reply,
                      Fault fault) {
  Script script;
  std::string start =
      head(200, "Content-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n");
  double wait_s = options.ttft_s;
  const auto add = [&](const char* field, const std::string& piece) {
    std::string bytes = event(envelope(options, asked, delta(asked, field, piece)));
    // Tokens without time between them go out together, as they would from a fast server.
    if (wait_s > 0 || script.steps.empty()) {
      script.steps.push_back({wait_s, std::exchange(start, {}) + bytes});
    } else {
      script.steps.back().bytes += bytes;
    }
    wait_s = options.inter_token_s;
  };
  for (const std::string& piece : reply.reasoning) {
    add("reasoning_content", piece);
  }
  const size_t pieces = fault == Fault::disconnect_mid || fault == Fault::truncated
                            ? (reply.text.size() + 1) / 2
                            : reply.text.size();
  for (size_t i = 0; i < pieces && fault != Fault::content_filter; ++i) {
    add("content", reply.text[i]);
  }
  std::string end = std::exchange(start, {});
  if (fault == Fault::malformed) {
    end += chunk("data: {\"choices\": [{\"delta\": {\"content\n\n");
  } else if (fault == Fault::wrong_types) {
    end += event({{"choices", {{{"delta", 3}}}}});
  }
  if (fault != Fault::disconnect_mid && fault != Fault::truncated) {
    json last = {
        {"finish_reason", fault == Fault::content_filter ? "content_filter" : reply.finish}};
    if (asked.chat) {
      last["delta"] = json::object();
    } else {
      last["text"] = "";
    }
    end += event(envelope(options, asked, std::move(last)));
    if (asked.include_usage) {
      json usage = envelope(options, asked, json::object());
      usage["choices"] = json::array();
      usage["usage"] = reply.usage;
      end += event(usage);
    }
    end += chunk("data: [DONE]\n\n");
  }
  if (fault == Fault::disconnect_mid) {
    script.after = After::close;
  } else {
    end += "0\r\n\r\n";
  }
  if (script.steps.empty()) {
    script.steps.push_back({wait_s, {}});
  }
  script.steps.back().bytes += end;
  return script;
}

// A body that goes on and on: as text within an answer, or as events.
Script flood(const Asked& asked, Fault fault, size_t bytes_wanted) {
  const std::string filler(8192, 'x');
  const std::string piece =
      asked.stream ? event({{"choices", {{{"index", 0}, {"delta", {{"content", filler}}}}}}})
                   : chunk(filler);
  Script script{.after = After::close};
  script.steps.push_back(
      {0, head(200, fmt::format("Content-Type: {}\r\nTransfer-Encoding: chunked\r\n",
                                asked.stream ? "text/event-stream" : "application/json")) +
              (asked.stream ? "" : chunk("{\"choices\":[{\"message\":{\"content\":\""))});
  if (fault == Fault::endless) {
    // Slowly, so that it is the clock that ends it and not the limit of bytes.
    const std::string drop = asked.stream ? chunk(": still here\n\n") : chunk("x");
    script.steps.push_back({0.05, drop, std::numeric_limits<std::uint64_t>::max()});
  } else {
    script.steps.push_back({0, piece, bytes_wanted / filler.size() + 1});
    script.steps.push_back({0, "0\r\n\r\n"});
  }
  return script;
}

Script models_reply(const MockServerOptions& options) {
  const json body = {{"object", "list"},
                     {"data", json::array({{{"id", options.model}, {"object", "model"}}})}};
  return {.steps = {{.bytes = with_body(200, body.dump())}}};
}

}  // namespace

Fault fault_for(const MockServerOptions& options, std::uint64_t body_hash, int attempt) {
  const FaultRates& rates = options.faults;
  const std::string_view bytes(reinterpret_cast<const char*>(&body_hash), sizeof body_hash);
  if (unit_interval(stable_hash(bytes, options.seed)) < rates.content_filter) {
    return Fault::content_filter;
  }
  if (attempt >= options.faults_in_a_row_max) {
    return Fault::none;
  }
  double draw = unit_interval(
      stable_hash(bytes, options.seed + 1'000'003 * (static_cast<std::uint64_t>(attempt) + 1)));
  const std::pair<double, Fault> table[] = {{rates.rate_limited, Fault::rate_limited},
                                            {rates.server_error, Fault::server_error},
                                            {rates.disconnect_before, Fault::disconnect_before},
                                            {rates.disconnect_mid, Fault::disconnect_mid},
                                            {rates.truncated, Fault::truncated},
                                            {rates.malformed, Fault::malformed},
                                            {rates.wrong_types, Fault::wrong_types},
                                            {rates.endless, Fault::endless},
                                            {rates.oversized, Fault::oversized}};
  for (const auto& [rate, fault] : table) {
    if (draw < rate) {
      return fault;
    }
    draw -= rate;
  }
  return Fault::none;
}

Script script_for(const MockServerOptions& options, const AnswerBook& book,
                  const MockRequest& request, Fault fault) {
  if (!options.key.empty() && request.authorization != "Bearer " + options.key) {
    return one_reply(401, "Incorrect API key provided: " + request.authorization,
                     "invalid_api_key");
  }
  if (request.target == "/v1/models") {
    return models_reply(options);
  }
  Asked asked{.chat = request.target == "/v1/chat/completions"};
  if (!asked.chat && request.target != "/v1/completions") {
    return one_reply(404, "there is only /v1/chat/completions, /v1/completions and /v1/models",
                     "not_found");
  }
  if (!request.post) {
    return one_reply(405, "use POST", "method_not_allowed");
  }
  if (const std::string problem = read_request(request, asked); !problem.empty()) {
    return one_reply(400, problem, "invalid_request_error");
  }
  switch (fault) {
    case Fault::rate_limited:
      return one_reply(429, "rate limited", "rate_limit_exceeded",
                       fmt::format("Retry-After: {:g}\r\n", options.retry_after_s));
    case Fault::server_error:
      return one_reply(500, "the mock was told to fail", "server_error");
    case Fault::disconnect_before:
      return {.after = After::close};
    case Fault::endless:
    case Fault::oversized:
      return flood(asked, fault, options.oversized_bytes);
    default:
      break;
  }
  const Reply reply = reply_for(book, asked, request);
  return asked.stream ? streamed_reply(options, asked, reply, fault)
                      : whole_reply(options, asked, reply, fault);
}

}  // namespace assay
