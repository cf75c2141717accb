#include "backends/openai/options.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdlib>
#include <memory>
#include <thread>

#include <curl/curl.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <sys/resource.h>

#include "backends/openai/json_text.h"
#include "harness/error.h"

namespace assay {

namespace {

// curl 7.88 walks its connections: beyond this many, one multi handle grows worse than linearly.
constexpr int transfers_per_shard_max = 1200;
constexpr int in_flight_for_two_shards = 16;

[[noreturn]] void bad_option(const std::string& key, const std::string& value, const char* wanted) {
  throw UserError(fmt::format("--backend-option {}={}: {}", key, value, wanted));
}

double number_option(const std::string& key, const std::string& value, double least, double most) {
  double number = 0;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number) ||
      number < least || number > most) {
    bad_option(key, value, fmt::format("must be a number from {} to {}", least, most).c_str());
  }
  return number;
}

bool switch_option(const std::string& key, const std::string& value) {
  if (value == "on" || value == "true" || value == "1") {
    return true;
  }
  if (value == "off" || value == "false" || value == "0") {
    return false;
  }
  bad_option(key, value, "must be on or off");
}

std::string one_of(const std::string& key, const std::string& value,
                   std::initializer_list<const char*> allowed) {
  std::string list;
  for (const char* name : allowed) {
    if (value == name) {
      return value;
    }
    list += (list.empty() ? "must be one of " : ", ") + std::string(name);
  }
  bad_option(key, value, list.c_str());
}

std::string extra_option(const std::string& value) {
  const nlohmann::json parsed = parse_bounded(value);
  if (!parsed.is_object()) {
    bad_option("extra", value, "must be a JSON object");
  }
  // What has a flag of its own is part of the run's identity and must not be changed behind it.
  for (const char* ours : {"model", "messages", "prompt", "stream", "stream_options", "n",
                           "max_tokens", "max_completion_tokens", "temperature", "top_p", "top_k",
                           "seed", "stop", "logprobs", "top_logprobs"}) {
    if (parsed.contains(ours)) {
      bad_option("extra", value, fmt::format("must not set '{}'", ours).c_str());
    }
  }
  return parsed.dump();
}

struct KeyChoice {
  std::string variable;
  bool named = false;  // by the person, with api_key_env
};

void set_limit(OpenAiOptions& options, const std::string& key, const std::string& value) {
  if (key == "stall_timeout_s") {
    options.stall_timeout_s = number_option(key, value, 0.01, 86400);
  } else if (key == "connect_timeout_s") {
    options.connect_timeout_s = number_option(key, value, 0.01, 3600);
  } else if (key == "back_off_s") {
    options.back_off_s = number_option(key, value, 0, 3600);
  } else if (key == "back_off_max_s") {
    options.back_off_max_s = number_option(key, value, 0, 3600);
  } else if (key == "asked_wait_max_s") {
    options.asked_wait_max_s = number_option(key, value, 0, 86400);
  } else if (key == "response_bytes_max") {
    options.response_bytes_max = static_cast<size_t>(number_option(key, value, 1, double{1 << 30}));
  } else if (key == "shards") {
    options.shards = static_cast<int>(number_option(key, value, 1, 64));
  } else {
    throw UserError(fmt::format("--backend-option: '{}' has no option '{}'; there are: {}",
                                options.provider, key, openai_option_names()));
  }
}

void set_option(OpenAiOptions& options, KeyChoice& choice, const std::string& key,
                const std::string& value) {
  if (key == "api_key_env") {
    choice = {.variable = value, .named = true};
  } else if (key == "stream_options") {
    options.stream_options = switch_option(key, value);
  } else if (key == "max_tokens_field") {
    options.max_tokens_field = one_of(key, value, {"max_tokens", "max_completion_tokens"});
  } else if (key == "think") {
    options.split_think = one_of(key, value, {"split", "keep"}) == "split";
  } else if (key == "extra") {
    options.extra = extra_option(value);
  } else if (key == "http") {
    const std::string version = one_of(key, value, {"auto", "1.1", "2"});
    options.http = version == "auto"  ? HttpVersion::automatic
                   : version == "1.1" ? HttpVersion::http_1_1
                                      : HttpVersion::http_2;
  } else {
    set_limit(options, key, value);
  }
}

struct Url {
  bool secure = false;
  bool loopback = false;
};

std::string url_part(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK) {
    return {};
  }
  std::string copy = text;
  curl_free(text);
  return copy;
}

Url check_url(const std::string& text) {
  const std::unique_ptr<CURLU, void (*)(CURLU*)> url(curl_url(), curl_url_cleanup);
  if (curl_url_set(url.get(), CURLUPART_URL, text.c_str(), 0) != CURLUE_OK) {
    throw UserError("--base-url: not a URL of the form http://host:port/v1");
  }
  const std::string scheme = url_part(url.get(), CURLUPART_SCHEME);
  if (scheme != "http" && scheme != "https") {
    throw UserError("--base-url: only http:// and https:// are spoken");
  }
  // A URL is stored with the run and shown in reports, so nothing secret may hide in it.
  if (!url_part(url.get(), CURLUPART_USER).empty() ||
      !url_part(url.get(), CURLUPART_PASSWORD).empty() ||
      !url_part(url.get(), CURLUPART_QUERY).empty() ||
      !url_part(url.get(), CURLUPART_FRAGMENT).empty()) {
    throw UserError(
        "--base-url: must hold no user, password, query or fragment; keys come from the "
        "environment");
  }
  const std::string host = url_part(url.get(), CURLUPART_HOST);
  return {.secure = scheme == "https",
          .loopback = host == "localhost" || host == "[::1]" || host.starts_with("127.")};
}

bool is_bare_reasoner(std::string_view model) {
  const size_t slash = model.rfind('/');
  const std::string_view name = slash == std::string_view::npos ? model : model.substr(slash + 1);
  const bool o_series = name.size() >= 2 && name[0] == 'o' && name[1] >= '1' && name[1] <= '9';
  return o_series || name.starts_with("gpt-5");
}

void find_key(OpenAiOptions& options, const Provider& provider, const KeyChoice& choice,
              const Environment& environment) {
  const bool own_host = options.base_url == provider.base_url;
  const Url url = check_url(options.base_url);
  if (!own_host && !choice.named && !url.secure && !url.loopback) {
    return;  // a host's key is not sent in the clear to somebody else
  }
  const std::string variable = choice.named ? choice.variable : std::string(provider.key_variable);
  const std::string key = environment(variable.c_str()).value_or("");
  if (key.empty()) {
    if (choice.named || (own_host && provider.key_required)) {
      throw UserError(fmt::format("--model {}:{}: the environment variable {} must hold the key",
                                  options.provider, options.model, variable));
    }
    return;
  }
  const bool printable =
      std::all_of(key.begin(), key.end(), [](char c) { return c > ' ' && c < 127; });
  if (!printable) {
    throw UserError(fmt::format(
        "the environment variable {} holds a blank or unprintable character, so it is no key",
        variable));
  }
  options.key = key;
  options.key_header = std::string(provider.key_header) + key;
}

}  // namespace

std::optional<std::string> environment_variable(const char* name) {
  // Nothing in this program changes the environment while threads run.
  const char* value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe)
  return value == nullptr ? std::nullopt : std::optional<std::string>(value);
}

std::string_view openai_option_names() {
  return "api_key_env, asked_wait_max_s, back_off_max_s, back_off_s, connect_timeout_s, extra, "
         "http, max_tokens_field, response_bytes_max, shards, stall_timeout_s, stream_options, "
         "think";
}

OpenAiOptions openai_options(const ModelSpec& spec, const Environment& environment) {
  const Provider* provider = find_provider(spec.provider);
  if (provider == nullptr) {
    throw UserError(fmt::format("--model: no provider is called '{}'", spec.provider));
  }
  if (spec.name.empty()) {
    throw UserError(
        fmt::format("--model {}: names no model, as in {}NAME", spec.text(), spec.text()));
  }
  OpenAiOptions options;
  options.provider = spec.provider;
  options.model = spec.name;
  options.base_url = spec.base_url.empty() ? provider->base_url : spec.base_url;
  while (options.base_url.ends_with('/')) {
    options.base_url.pop_back();
  }
  if (options.base_url.empty()) {
    throw UserError(fmt::format("--base-url: is needed for {}", spec.provider));
  }
  const bool own_host = options.base_url == provider->base_url;
  options.stream = spec.stream;
  options.stream_options = provider->stream_options;
  options.top_k = provider->top_k || !own_host;
  options.logprobs = provider->logprobs || !own_host;
  options.seed_field = provider->seed_field;
  if (provider->bare_reasoners && is_bare_reasoner(spec.name)) {
    options.bare_reasoner = true;
    options.max_tokens_field = "max_completion_tokens";
  }
  options.in_flight_max = std::max(1, spec.in_flight_max);
  options.retries_max = std::max(0, spec.retries_max);
  options.timeout_s = spec.timeout_s;
  const int for_cores =
      options.in_flight_max >= in_flight_for_two_shards && std::thread::hardware_concurrency() > 1
          ? 2
          : 1;
  options.shards = std::max(
      for_cores, (options.in_flight_max + transfers_per_shard_max - 1) / transfers_per_shard_max);
  KeyChoice choice;
  for (const auto& [key, value] : spec.options) {
    set_option(options, choice, key, value);
  }
  options.shards = std::min(options.shards, options.in_flight_max);
  options.stall_timeout_s = std::min(options.stall_timeout_s, options.timeout_s);
  find_key(options, *provider, choice, environment);
  return options;
}

void allow_open_files(size_t wanted) {
  rlimit limit{};
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted) {
    return;
  }
  if (limit.rlim_max < wanted) {
    throw UserError(
        fmt::format("--in-flight: needs {} open files, but the system allows {} (ulimit -Hn)",
                    wanted, limit.rlim_max));
  }
  limit.rlim_cur = wanted;
  if (setrlimit(RLIMIT_NOFILE, &limit) != 0) {
    throw UserError(
        fmt::format("--in-flight: needs {} open files, which the system refused", wanted));
  }
}

}  // namespace assay
