// What flags and run files can set: one list of names serves both, and their help.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "harness/catalogue.h"
#include "harness/prompt.h"

namespace assay {

// Which model, how it is reached, how answers are drawn. What is not set is left to the suite and
// the backend.
struct ModelSettings {
  std::optional<std::string> model;
  std::optional<std::string> base_url;
  std::optional<int> in_flight;
  std::optional<int> retries;
  std::optional<double> timeout_s;
  std::optional<bool> stream;
  std::vector<std::string> backend_option;
  std::optional<double> temperature;
  std::optional<double> top_p;
  std::optional<int> top_k;
  std::optional<int> max_tokens;
  std::optional<std::uint64_t> seed;
  std::vector<std::string> stop;
  std::optional<int> top_logprobs;
};

struct RunSettings {
  std::vector<std::string> suite;
  ModelSettings model;
  std::optional<int> samples;
  std::optional<int> limit;
  std::optional<std::string> data;
  std::optional<std::uint64_t> suite_seed;
  std::optional<std::string> name;
  std::optional<bool> cache;
  std::optional<bool> fresh;
};

// Calls visit(name, field of a, field of b, help) for every setting; a and b may be the same.
template <class Settings, class F>
void for_each_model_setting(Settings& a, const ModelSettings& b, const F& visit) {
  visit("model", a.model, b.model, "provider:name, such as openai:gpt-4o, mock: or replay:RUN");
  visit("base_url", a.base_url, b.base_url, "another server that speaks the provider's protocol");
  visit("in_flight", a.in_flight, b.in_flight, "requests at once (64)");
  visit("retries", a.retries, b.retries, "further attempts for one request (6)");
  visit("timeout_s", a.timeout_s, b.timeout_s, "seconds for one attempt (600)");
  visit("stream", a.stream, b.stream,
        "take answers token by token, which times the first one (true)");
  visit("backend_option", a.backend_option, b.backend_option, "key=value, for this provider alone");
  visit("temperature", a.temperature, b.temperature, "0 is greedy (the suite's)");
  visit("top_p", a.top_p, b.top_p, "nucleus sampling (the suite's)");
  visit("top_k", a.top_k, b.top_k, "0 is off (the suite's)");
  visit("max_tokens", a.max_tokens, b.max_tokens, "of an answer, reasoning included (the suite's)");
  visit("seed", a.seed, b.seed, "of sample 0; sample i is drawn with seed + i");
  visit("stop", a.stop, b.stop, "text that ends an answer");
  visit("top_logprobs", a.top_logprobs, b.top_logprobs,
        "keep log-probabilities, and of the n best tokens");
}

template <class Settings, class F>
void for_each_run_setting(Settings& a, const RunSettings& b, const F& visit) {
  visit("suite", a.suite, b.suite, "suites, or a folder of them: math/gsm8k, math");
  for_each_model_setting(a.model, b.model, visit);
  visit("samples", a.samples, b.samples, "answers for each question, k (the suite's)");
  visit("limit", a.limit, b.limit, "only the first so many questions");
  visit("data", a.data, b.data, "a data file instead of the installed one");
  visit("suite_seed", a.suite_seed, b.suite_seed, "of suites that are generated");
  visit("name", a.name, b.name, "a name for the run, to find it by");
  visit("cache", a.cache, b.cache,
        "take answers of earlier runs where all that determines them is the same");
  visit("fresh", a.fresh, b.fresh,
        "begin a new run even where an unfinished one could be continued");
}

// `over` where it is set, else `base`.
RunSettings overlaid(RunSettings base, const RunSettings& over);

// The runs of a TOML file: keys at the top hold for all of them, each [[run]] adds its own; without
// any [[run]] the top is the one run. Throws UserError that names the file and line of a key that
// is unknown or of the wrong type.
std::vector<RunSettings> read_run_file(const std::string& path);

// Throws UserError where the model is missing or a number is out of range.
ModelSpec model_spec(const ModelSettings& settings);

// `sampling` with what is set instead. Throws UserError where a number is out of range.
Sampling with_settings(Sampling sampling, const ModelSettings& settings);

}  // namespace assay
