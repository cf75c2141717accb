#include "harness/settings.h"

#include <filesystem>
#include <utility>

#include <fmt/core.h>
#include <toml++/toml.h>

#include "harness/error.h"

namespace assay {

namespace {

template <class T>
void overlay(std::optional<T>& base, const std::optional<T>& over) {
  if (over) {
    base = over;
  }
}

template <class T>
void overlay(std::vector<T>& base, const std::vector<T>& over) {
  if (!over.empty()) {
    base = over;
  }
}

[[noreturn]] void refuse(const std::string& path, const toml::node& node, const std::string& what) {
  throw UserError(fmt::format("{}:{}: {}", path, node.source().begin.line, what));
}

// toml++'s own conversions would read 3.0 for an integer and 1 for a boolean; neither is what was
// meant.
std::optional<std::string> exact(const toml::node& node, std::string*) {
  return node.value_exact<std::string>();
}
std::optional<bool> exact(const toml::node& node, bool*) {
  return node.value_exact<bool>();
}
std::optional<double> exact(const toml::node& node, double*) {
  return node.is_number() ? node.value<double>() : std::nullopt;
}
template <class Integer>
std::optional<Integer> exact(const toml::node& node, Integer*) {
  const auto value = node.value_exact<std::int64_t>();
  return value && std::in_range<Integer>(*value) ? std::optional(static_cast<Integer>(*value))
                                                 : std::nullopt;
}

template <class T>
T value_of(const std::string& path, const std::string& name, const toml::node& node) {
  const std::optional<T> value = exact(node, static_cast<T*>(nullptr));
  if (!value) {
    refuse(path, node, fmt::format("'{}' has a value of the wrong type", name));
  }
  return *value;
}

template <class T>
void read(const std::string& path, const std::string& name, const toml::node& node,
          std::optional<T>& field) {
  field = value_of<T>(path, name, node);
}

// A list, or one value for a list of one.
void read(const std::string& path, const std::string& name, const toml::node& node,
          std::vector<std::string>& field) {
  if (const toml::array* array = node.as_array()) {
    for (const toml::node& element : *array) {
      field.push_back(value_of<std::string>(path, name, element));
    }
  } else {
    field.push_back(value_of<std::string>(path, name, node));
  }
}

RunSettings read_table(const std::string& path, const toml::table& table) {
  RunSettings settings;
  for (const auto& [key, node] : table) {
    const std::string_view wanted = key.str();
    if (wanted == "run") {
      continue;
    }
    bool known = false;
    for_each_run_setting(
        settings, settings,
        [&, &node = node](const char* name, auto& field, const auto&, const char*) {
          if (wanted == name) {
            known = true;
            read(path, name, node, field);
          }
        });
    if (!known) {
      refuse(path, node, fmt::format("there is no setting '{}'", wanted));
    }
  }
  return settings;
}

void check(bool good, const char* name, const char* range) {
  if (!good) {
    throw UserError(fmt::format("--{} must be {}", name, range));
  }
}

}  // namespace

RunSettings overlaid(RunSettings base, const RunSettings& over) {
  for_each_run_setting(base, over, [](const char*, auto& field, const auto& other, const char*) {
    overlay(field, other);
  });
  return base;
}

std::vector<RunSettings> read_run_file(const std::string& path) {
  if (!std::filesystem::is_regular_file(path)) {
    throw UserError(fmt::format("{}: there is no such run file", path));
  }
  toml::table table;
  try {
    table = toml::parse_file(path);
  } catch (const toml::parse_error& error) {
    throw UserError(fmt::format("{}:{}: {}", path, error.source().begin.line, error.description()));
  }
  const RunSettings top = read_table(path, table);
  const toml::node* runs = table.get("run");
  if (runs == nullptr) {
    return {top};
  }
  if (!runs->is_array_of_tables()) {
    refuse(path, *runs, "'run' is not of the form [[run]]");
  }
  std::vector<RunSettings> all;
  for (const toml::node& run : *runs->as_array()) {
    all.push_back(overlaid(top, read_table(path, *run.as_table())));
  }
  return all;
}

ModelSpec model_spec(const ModelSettings& settings) {
  if (!settings.model) {
    throw UserError(
        "--model is missing: provider:name, such as openai:gpt-4o; `assay list models` shows "
        "providers");
  }
  ModelSpec spec = parse_model(*settings.model);
  spec.base_url = settings.base_url.value_or("");
  spec.timeout_s = settings.timeout_s.value_or(spec.timeout_s);
  spec.retries_max = settings.retries.value_or(spec.retries_max);
  spec.in_flight_max = settings.in_flight.value_or(spec.in_flight_max);
  spec.stream = settings.stream.value_or(spec.stream);
  check(spec.timeout_s > 0 && spec.timeout_s <= 86'400, "timeout-s", "above 0 and at most 86400");
  check(spec.retries_max >= 0 && spec.retries_max <= 100, "retries", "from 0 to 100");
  check(spec.in_flight_max >= 1 && spec.in_flight_max <= 10'000, "in-flight", "from 1 to 10000");
  for (const std::string& option : settings.backend_option) {
    const std::size_t equals = option.find('=');
    check(equals != std::string::npos && equals > 0, "backend-option", "of the form key=value");
    spec.options.emplace_back(option.substr(0, equals), option.substr(equals + 1));
  }
  return spec;
}

Sampling with_settings(Sampling sampling, const ModelSettings& settings) {
  sampling.temperature = settings.temperature.value_or(sampling.temperature);
  sampling.top_p = settings.top_p.value_or(sampling.top_p);
  sampling.top_k = settings.top_k.value_or(sampling.top_k);
  sampling.max_tokens = settings.max_tokens.value_or(sampling.max_tokens);
  sampling.top_logprobs = settings.top_logprobs.value_or(sampling.top_logprobs);
  overlay(sampling.seed, settings.seed);
  overlay(sampling.stop, settings.stop);
  check(sampling.temperature >= 0 && sampling.temperature <= 100, "temperature", "from 0 to 100");
  check(sampling.top_p > 0 && sampling.top_p <= 1, "top-p", "above 0 and at most 1");
  check(sampling.top_k >= 0, "top-k", "0 or more");
  check(sampling.max_tokens >= 1, "max-tokens", "1 or more");
  check(sampling.top_logprobs >= -1 && sampling.top_logprobs <= 20, "top-logprobs", "from 0 to 20");
  return sampling;
}

}  // namespace assay
