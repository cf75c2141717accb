#include "backends/engine/commands.h"

#include <algorithm>
#include <deque>
#include <future>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/codec.h"
#include "harness/error.h"
#include "harness/jsonl.h"
#include "harness/utf8.h"

namespace assay::engine {

using nlohmann::json;

namespace {

constexpr std::size_t in_flight_max = 64;  // rows that are scored at once

std::string text_field(const json& row, const char* name) {
  if (!row.contains(name)) {
    throw UserError(fmt::format("the row has no `{}`", name));
  }
  if (!row[name].is_string()) {
    throw UserError(fmt::format("`{}` is no text", name));
  }
  return row[name].get<std::string>();
}

std::vector<int> ids_field(const json& row, const char* name) {
  if (!row.contains(name)) {
    throw UserError(fmt::format("the row has no `{}`", name));
  }
  const auto is_id = [](const json& id) {
    return id.is_number_integer() && id >= 0 && id <= (1 << 30);
  };
  if (!row[name].is_array() || !std::all_of(row[name].begin(), row[name].end(), is_id)) {
    throw UserError(fmt::format("`{}` is no list of token ids", name));
  }
  return row[name].get<std::vector<int>>();
}

std::string decoded(const Tokenizer& tokenizer, const std::vector<int>& ids) {
  for (const int id : ids) {
    if (id >= tokenizer.size()) {
      throw UserError(
          fmt::format("id {} is no token: the last one is {}", id, tokenizer.size() - 1));
    }
  }
  return tokenizer.decode(ids);
}

void write(const json& row, std::ostream& out) {
  out << row.dump(-1, ' ', false, json::error_handler_t::replace) << '\n';
}

json with_id(const json& row, json result) {
  if (row.contains("id")) {
    result["id"] = row["id"];
  }
  return result;
}

// The next row; a line that is no object becomes an error row, which is written by the caller in
// its turn. False at the end.
bool next_row(JsonlReader& reader, json& row, std::string& error) {
  error.clear();
  row = json::object();
  try {
    return reader.next(row);
  } catch (const UserError& bad) {
    error = bad.what();
    return true;
  }
}

// A row of `logprobs` that has been sent, or one that could not be.
struct Sent {
  json row;
  std::size_t line = 0;
  std::string error;
  TokenRequest request;
  std::future<TokenResult> result;
};

// What is asked: the tokens, and from where on they are scored.
void fill_request(const LanguageModel& model, const json& row, TokenRequest& request) {
  request.score_from = 1;
  if (row.contains("tokens")) {
    request.tokens = ids_field(row, "tokens");
    return;
  }
  if (row.contains("text")) {
    request.tokens = model.tokens_of(text_field(row, "text"));
    return;
  }
  std::string prompt = text_field(row, "prompt");
  std::string continuation = text_field(row, "continuation");
  const std::size_t end = prompt.find_last_not_of(" \t\r\n\f\v");
  const std::size_t kept = end == std::string::npos ? 0 : end + 1;
  continuation.insert(0, prompt, kept, std::string::npos);
  prompt.resize(kept);
  request.tokens = model.tokens_of(prompt + continuation);
  request.score_from = static_cast<int>(model.tokens_of(prompt).size());
  if (*request.score_from == 0) {
    throw UserError(
        "nothing precedes the continuation: the prompt is empty and this model begins "
        "texts with no token of its own");
  }
}

json scored_row(const TokenRequest& request, const TokenResult& result) {
  json logprobs = json::array();
  json best = json::array();
  json best_logprobs = json::array();
  double sum = 0;
  bool greedy = true;
  for (const ScoredToken& scored : result.scores) {
    logprobs.push_back(scored.logprob);
    best.push_back(scored.best);
    best_logprobs.push_back(scored.best_logprob);
    sum += scored.logprob;
    greedy = greedy && scored.best == scored.token;
  }
  return {{"tokens", request.tokens},
          {"scored_from", *request.score_from},
          {"logprobs", logprobs},
          {"best", best},
          {"best_logprobs", best_logprobs},
          {"sum", sum},
          {"greedy", greedy}};
}

Sent send(const LanguageModel& model, json row, std::size_t line, std::string error) {
  Sent sent{.row = std::move(row), .line = line, .error = std::move(error)};
  if (!sent.error.empty()) {
    return sent;
  }
  try {
    fill_request(model, sent.row, sent.request);
  } catch (const UserError& bad) {
    sent.error = bad.what();
    return sent;
  }
  const auto promise = std::make_shared<std::promise<TokenResult>>();
  sent.result = promise->get_future();
  model.engine().submit(sent.request,
                        [promise](TokenResult result) { promise->set_value(std::move(result)); });
  return sent;
}

// Writes the row that was sent first; true where it failed.
bool take(Sent sent, std::ostream& out) {
  if (sent.error.empty()) {
    const TokenResult result = sent.result.get();
    sent.error = result.error;
    if (result.finish != Finish::failed) {
      write(with_id(sent.row, scored_row(sent.request, result)), out);
      return false;
    }
  }
  write(with_id(sent.row, {{"line", sent.line}, {"error", sent.error}}), out);
  return true;
}

}  // namespace

std::size_t tokenize(const Tokenizer& tokenizer, bool decode, const Rows& rows) {
  JsonlReader reader(rows.in, rows.in_name);
  std::size_t failed = 0;
  json row;
  std::string error;
  while (next_row(reader, row, error)) {
    json result;
    try {
      if (!error.empty()) {
        throw UserError(error);
      }
      result = decode ? json{{"text", decoded(tokenizer, ids_field(row, "ids"))}}
                      : json{{"ids", tokenizer.encode(text_field(row, "text"))}};
    } catch (const UserError& bad) {
      result = {{"line", reader.line_number()}, {"error", bad.what()}};
      ++failed;
    }
    write(with_id(row, std::move(result)), rows.out);
  }
  return failed;
}

std::size_t logprobs(const LanguageModel& model, const Rows& rows) {
  JsonlReader reader(rows.in, rows.in_name);
  std::deque<Sent> in_flight;
  std::size_t failed = 0;
  const auto take_first = [&] {
    failed += take(std::move(in_flight.front()), rows.out) ? 1 : 0;
    in_flight.pop_front();
  };
  json row;
  std::string error;
  while (next_row(reader, row, error)) {
    in_flight.push_back(send(model, std::move(row), reader.line_number(), error));
    if (in_flight.size() >= in_flight_max) {
      take_first();
    }
  }
  while (!in_flight.empty()) {
    take_first();
  }
  return failed;
}

void chat(EngineBackend& backend, const ChatOptions& options, std::istream& in, std::ostream& out) {
  if (backend.model().chat_template().format == ChatFormat::none) {
    throw UserError("this model has no chat template; assay generate continues plain text");
  }
  std::vector<Message> beginning;
  if (!options.system.empty()) {
    beginning.push_back({Role::system, options.system});
  }
  std::vector<Message> messages = beginning;
  std::string line;
  for (out << "> " << std::flush; std::getline(in, line); out << "> " << std::flush) {
    if (line == "/reset" || line.empty()) {
      messages = line.empty() ? messages : beginning;
      continue;
    }
    messages.push_back({Role::user, line});
    Prompt prompt;
    prompt.messages = messages;
    prompt.sampling = options.sampling;
    std::promise<Response> answered;
    backend.submit(
        prompt, [&](Response response) { answered.set_value(std::move(response)); },
        [&](const std::string& piece) { out << clean_utf8(piece) << std::flush; });
    Response response = answered.get_future().get();
    out << '\n';
    if (response.finish == Finish::failed) {
      out << "(" << response.error << ")\n";
      messages.pop_back();
      continue;
    }
    messages.push_back({Role::assistant, std::move(response.text)});
  }
  out << '\n';
}

}  // namespace assay::engine
