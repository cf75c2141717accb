#include "harness/codec.h"

#include <stdexcept>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

namespace assay {

namespace {

using Json = nlohmann::json;

template <class Value>
using Name = std::pair<Value, std::string_view>;

constexpr auto roles = std::to_array<Name<Role>>(
    {{Role::system, "system"}, {Role::user, "user"}, {Role::assistant, "assistant"}});
constexpr auto finishes = std::to_array<Name<Finish>>({{Finish::stop, "stop"},
                                                       {Finish::length, "length"},
                                                       {Finish::content_filter, "content_filter"},
                                                       {Finish::failed, "failed"}});
constexpr auto failures = std::to_array<Name<Failure>>({{Failure::none, "none"},
                                                        {Failure::failed, "failed"},
                                                        {Failure::overloaded, "overloaded"},
                                                        {Failure::disconnected, "disconnected"},
                                                        {Failure::refused_input, "refused_input"}});

template <class Value, std::size_t n>
std::string_view name_of(const std::array<Name<Value>, n>& names, Value value) {
  for (const auto& [candidate, name] : names) {
    if (candidate == value) {
      return name;
    }
  }
  return "?";
}

template <class Value, std::size_t n>
Value value_of(const std::array<Name<Value>, n>& names, std::string_view text, const char* what) {
  for (const auto& [value, name] : names) {
    if (name == text) {
      return value;
    }
  }
  throw std::invalid_argument(fmt::format("'{}' is no {}", text, what));
}

// Model output may hold any bytes: they are replaced, never thrown at.
std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

// All that nlohmann throws (syntax, type, missing key) becomes one kind with one line.
template <class F>
auto parsed(std::string_view text, const F& read) {
  try {
    return read(Json::parse(text));
  } catch (const Json::exception& error) {
    throw std::invalid_argument(error.what());
  }
}

template <class T>
void put_if(Json& json, const char* key, const std::optional<T>& value) {
  if (value) {
    json[key] = *value;
  }
}

}  // namespace

std::string_view to_text(Role role) {
  return name_of(roles, role);
}
std::string_view to_text(Finish finish) {
  return name_of(finishes, finish);
}
std::string_view to_text(Failure failure) {
  return name_of(failures, failure);
}

Role parse_role(std::string_view text) {
  return value_of(roles, text, "role");
}
Finish parse_finish(std::string_view text) {
  return value_of(finishes, text, "finish reason");
}
Failure parse_failure(std::string_view text) {
  return value_of(failures, text, "kind of failure");
}

std::string to_json(const Sampling& sampling) {
  Json json = {{"temperature", sampling.temperature},
               {"top_p", sampling.top_p},
               {"top_k", sampling.top_k},
               {"max_tokens", sampling.max_tokens},
               {"stop", sampling.stop},
               {"top_logprobs", sampling.top_logprobs}};
  put_if(json, "seed", sampling.seed);
  return dump(json);
}

std::string to_json(const std::map<std::string, std::string>& tags) {
  return dump(Json(tags));
}

std::string to_json(const std::vector<Reading>& readings) {
  Json json = Json::array();
  for (const Reading& reading : readings) {
    Json row = {{"convention", reading.convention}, {"extracted", reading.extracted}};
    row["value"] = reading.value ? Json(*reading.value) : Json(nullptr);
    json.push_back(std::move(row));
  }
  return dump(json);
}

std::string to_json(const std::vector<TokenLogprob>& logprobs) {
  if (logprobs.empty()) {
    return "";
  }
  Json json = Json::array();
  for (const TokenLogprob& token : logprobs) {
    json.push_back({{"token", token.token}, {"logprob", token.logprob}, {"top", token.top}});
  }
  return dump(json);
}

std::string body_json(const Prompt& prompt) {
  Json json;
  if (!prompt.messages.empty()) {
    json["messages"] = Json::array();
    for (const Message& message : prompt.messages) {
      json["messages"].push_back({{"role", to_text(message.role)}, {"content", message.content}});
    }
  } else if (!prompt.text.empty()) {
    json["prompt"] = prompt.text;
  } else {
    json["tokens"] = prompt.tokens;
  }
  return dump(json);
}

Sampling parse_sampling(std::string_view text) {
  return parsed(text, [](const Json& json) {
    Sampling sampling;
    sampling.temperature = json.at("temperature");
    sampling.top_p = json.at("top_p");
    sampling.top_k = json.at("top_k");
    sampling.max_tokens = json.at("max_tokens");
    sampling.stop = json.at("stop").get<std::vector<std::string>>();
    sampling.top_logprobs = json.at("top_logprobs");
    if (json.contains("seed")) {
      sampling.seed = json.at("seed").get<std::uint64_t>();
    }
    return sampling;
  });
}

std::map<std::string, std::string> parse_tags(std::string_view text) {
  return parsed(text,
                [](const Json& json) { return json.get<std::map<std::string, std::string>>(); });
}

std::vector<Reading> parse_readings(std::string_view text) {
  return parsed(text, [](const Json& json) {
    std::vector<Reading> readings;
    for (const Json& row : json) {
      Reading reading;
      reading.convention = row.at("convention");
      reading.extracted = row.at("extracted");
      if (!row.at("value").is_null()) {
        reading.value = row.at("value").get<double>();
      }
      readings.push_back(std::move(reading));
    }
    return readings;
  });
}

std::vector<TokenLogprob> parse_logprobs(std::string_view text) {
  if (text.empty()) {
    return {};
  }
  return parsed(text, [](const Json& json) {
    std::vector<TokenLogprob> logprobs;
    for (const Json& row : json) {
      logprobs.push_back({.token = row.at("token"),
                          .logprob = row.at("logprob"),
                          .top = row.at("top").get<std::vector<std::pair<std::string, double>>>()});
    }
    return logprobs;
  });
}

Prompt parse_body(std::string_view text) {
  return parsed(text, [](const Json& json) {
    Prompt prompt;
    if (json.contains("messages")) {
      for (const Json& message : json.at("messages")) {
        prompt.messages.push_back({.role = parse_role(message.at("role").get<std::string>()),
                                   .content = message.at("content")});
      }
    } else if (json.contains("prompt")) {
      prompt.text = json.at("prompt");
    } else {
      prompt.tokens = json.at("tokens").get<std::vector<int>>();
    }
    return prompt;
  });
}

namespace {

// The length in bytes of the valid UTF-8 character at the start of `text`, or 0. Unicode 15, table
// 3-7.
std::size_t character_length(std::string_view text) {
  const auto byte = [&](std::size_t i) {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  const auto tail = [&](std::size_t from, std::size_t count) {
    for (std::size_t i = from; i < from + count; ++i) {
      if ((byte(i) & 0xC0U) != 0x80U) {
        return false;
      }
    }
    return true;
  };
  const unsigned first = byte(0);
  const unsigned second = byte(1);
  if (first < 0x80) {
    return 1;
  }
  if (first >= 0xC2 && first <= 0xDF) {
    return tail(1, 1) ? 2 : 0;
  }
  if (first >= 0xE0 && first <= 0xEF) {
    const bool overlong = first == 0xE0 && second < 0xA0;
    const bool surrogate = first == 0xED && second > 0x9F;
    return tail(1, 2) && !overlong && !surrogate ? 3 : 0;
  }
  if (first >= 0xF0 && first <= 0xF4) {
    const bool overlong = first == 0xF0 && second < 0x90;
    const bool too_large = first == 0xF4 && second > 0x8F;
    return tail(1, 3) && !overlong && !too_large ? 4 : 0;
  }
  return 0;
}

}  // namespace

std::string clean_utf8(std::string_view text, std::size_t bytes_max) {
  std::string clean;
  clean.reserve(std::min(text.size(), bytes_max));
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t length = character_length(text.substr(at));
    const std::string_view piece = length > 0 ? text.substr(at, length) : "\xEF\xBF\xBD";
    if (clean.size() + piece.size() > bytes_max) {
      break;
    }
    clean += piece;
    at += length > 0 ? length : 1;
  }
  return clean;
}

}  // namespace assay
