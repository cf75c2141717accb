#include "backends/replay/replay.h"

#include <array>
#include <filesystem>
#include <fstream>
#include <map>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/codec.h"
#include "harness/digest.h"
#include "harness/error.h"
#include "harness/reader.h"

namespace assay {

namespace {

using nlohmann::json;

// One text per prompt: a chat as JSON, so that no two chats share a key; a plain text as it is.
std::string key_of(const Prompt& prompt) {
  if (!prompt.messages.empty()) {
    static constexpr std::array<const char*, 3> roles = {"system", "user", "assistant"};
    json list = json::array();
    for (const Message& message : prompt.messages) {
      list.push_back({roles.at(static_cast<size_t>(message.role)), message.content});
    }
    return "chat " + list.dump(-1, ' ', false, json::error_handler_t::replace);
  }
  if (!prompt.text.empty()) {
    return "text " + prompt.text;
  }
  return fmt::format("tokens {}", fmt::join(prompt.tokens, " "));
}

// A row's "prompt" stands for a chat of one user's message as well as for the plain text.
struct Keys {
  std::string chat, text;
};

[[noreturn]] void bad_row(const std::string& where, const char* what) {
  throw UserError(fmt::format("{}: {}", where, what));
}

const json* member(const json& row, const char* key) {
  const auto found = row.find(key);
  return found == row.end() || found->is_null() ? nullptr : &*found;
}

std::string text_member(const json& row, const char* key, const std::string& where) {
  const json* value = member(row, key);
  if (value == nullptr) {
    return {};
  }
  if (!value->is_string()) {
    bad_row(where, fmt::format("'{}' must be a text", key).c_str());
  }
  return value->get<std::string>();
}

std::vector<Message> messages_of(const json& list, const std::string& where) {
  std::vector<Message> messages;
  for (const json& entry : list) {
    if (!entry.is_object() || !entry.contains("role") || !entry.contains("content")) {
      bad_row(where, "a message needs 'role' and 'content'");
    }
    const std::string role = text_member(entry, "role", where);
    if (role != "system" && role != "user" && role != "assistant") {
      bad_row(where, "a role is system, user or assistant");
    }
    messages.push_back({.role = role == "system" ? Role::system
                                : role == "user" ? Role::user
                                                 : Role::assistant,
                        .content = text_member(entry, "content", where)});
  }
  return messages;
}

Keys keys_of(const json& row, const std::string& where) {
  const json* messages = member(row, "messages");
  if (messages != nullptr) {
    if (!messages->is_array() || messages->empty()) {
      bad_row(where, "'messages' must be a list of messages");
    }
    return {.chat = key_of({.messages = messages_of(*messages, where)})};
  }
  const std::string prompt = text_member(row, "prompt", where);
  if (prompt.empty()) {
    bad_row(where, "needs 'prompt' or 'messages'");
  }
  return {.chat = key_of({.messages = {{.role = Role::user, .content = prompt}}}),
          .text = key_of({.text = prompt})};
}

Response response_of(const json& row, const std::string& where) {
  const char* field = nullptr;
  for (const char* name : {"text", "answer", "response"}) {
    field = member(row, name) != nullptr ? name : field;
  }
  if (field == nullptr) {
    bad_row(where, "needs 'response'");
  }
  Response response;
  response.text = text_member(row, field, where);
  response.reasoning = text_member(row, "reasoning", where);
  const std::string finish = text_member(row, "finish", where);
  static const std::map<std::string, Finish, std::less<>> finishes = {
      {"", Finish::stop},
      {"stop", Finish::stop},
      {"length", Finish::length},
      {"content_filter", Finish::content_filter}};
  const auto found = finishes.find(finish);
  if (found == finishes.end()) {
    bad_row(where, "'finish' is stop, length or content_filter");
  }
  response.finish = found->second;
  return response;
}

using Samples = std::map<int, Response>;

}  // namespace

ReplayBackend::ReplayBackend(std::string source, ReplayLookup lookup)
    : source_(std::move(source)), lookup_(std::move(lookup)) {}

std::string ReplayBackend::identity() const {
  return json{{"provider", "replay"}, {"source", source_}}.dump();
}

void ReplayBackend::submit(Prompt prompt, std::function<void(Response)> done) {
  std::optional<Response> found = lookup_(prompt);
  if (!found) {
    found.emplace();
    found->failure = Failure::refused_input;
    found->error =
        fmt::format("{} holds no answer to this prompt (sample {})", source_, prompt.sample_index);
    found->timings.attempts = 0;
  }
  done(std::move(*found));
}

ReplayLookup replay_file(const std::string& path) {
  std::ifstream in(path);
  if (!in) {
    throw UserError(fmt::format("--model replay: {} cannot be read", path));
  }
  auto answers = std::make_shared<std::unordered_map<std::string, Samples>>();
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.find_first_not_of(" \t\r") == std::string::npos) {
      continue;
    }
    const std::string where = fmt::format("{}:{}", path, number);
    const json row = json::parse(line, nullptr, false);
    if (!row.is_object()) {
      bad_row(where, "is not a JSON object");
    }
    const Keys keys = keys_of(row, where);
    const Response response = response_of(row, where);
    for (const std::string& key : {keys.chat, keys.text}) {
      if (key.empty()) {
        continue;
      }
      Samples& samples = (*answers)[key];
      int index = samples.empty() ? 0 : samples.rbegin()->first + 1;
      if (const json* said = member(row, "sample_index")) {
        if (!said->is_number_integer() || *said < 0 || *said > 1'000'000) {
          bad_row(where, "'sample_index' must be a number from 0 to 1000000");
        }
        index = said->get<int>();
      }
      samples.insert_or_assign(index, response);
    }
  }
  return [answers](const Prompt& prompt) -> std::optional<Response> {
    const auto found = answers->find(key_of(prompt));
    if (found == answers->end()) {
      return std::nullopt;
    }
    const auto sample = found->second.find(prompt.sample_index);
    return sample == found->second.end() ? std::nullopt : std::optional(sample->second);
  };
}

ReplayLookup replay_run(const std::string& results_file, const std::string& run) {
  const auto reader = std::make_shared<const Reader>(results_file);
  const RunRecord record = reader->run(run);
  // By prompt and sample, not by question: two questions may ask the same thing.
  auto keys = std::make_shared<std::map<std::pair<std::string, int>, SampleKey>>();
  reader->for_each_sample(record.id, [&](const SampleRecord& sample) {
    keys->emplace(std::pair(sample.prompt_hash, sample.key.sample_index), sample.key);
  });
  return [reader, keys](const Prompt& prompt) -> std::optional<Response> {
    const auto found = keys->find({sha256_hex(body_json(prompt)), prompt.sample_index});
    if (found == keys->end()) {
      return std::nullopt;
    }
    std::optional<SampleRecord> sample = reader->sample(found->second);
    return sample ? std::optional(std::move(sample->response)) : std::nullopt;
  };
}

std::unique_ptr<Backend> make_replay(const ModelSpec& spec, const std::string& results_file) {
  std::string db = results_file;
  for (const auto& [key, value] : spec.options) {
    if (key != "db") {
      throw UserError(
          fmt::format("--backend-option {}: replay knows db=FILE, a results file", key));
    }
    db = value;
  }
  if (spec.name.empty()) {
    throw UserError("--model replay: names no run and no file, as in replay:RUN or replay:FILE");
  }
  if (std::filesystem::is_regular_file(spec.name)) {
    // A file that changed is another source, whatever its name.
    const std::string source = spec.name + " sha256:" + sha256_hex_of_file(spec.name);
    return std::make_unique<ReplayBackend>(source, replay_file(spec.name));
  }
  if (spec.name.find_first_of("/.") != std::string::npos) {
    throw UserError(fmt::format("--model replay: there is no file {}", spec.name));
  }
  const RunRecord run = Reader(db).run(spec.name);
  // A number means another run in another file, so the identity says what was asked and when.
  const std::string source = fmt::format("run {} ({} by {}, started {:.3f})", run.id, run.suite,
                                         run.model, run.started_at);
  return std::make_unique<ReplayBackend>(source, replay_run(db, std::to_string(run.id)));
}

}  // namespace assay
