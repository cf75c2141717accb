#include "backends/openai/openai.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>

namespace assay {

namespace {

constexpr int retry_reserve = 100;
constexpr size_t other_files = 64;  // the store, the terminal, libraries

}  // namespace

OpenAiBackend::OpenAiBackend(OpenAiOptions options)
    : options_(std::move(options)), budget_(retry_reserve) {
  const auto shards = static_cast<size_t>(options_.shards);
  const auto in_flight = static_cast<size_t>(options_.in_flight_max);
  // Old connections may linger beside new ones, and each loop has a few files of its own.
  allow_open_files(in_flight + in_flight / 8 + shards * 8 + other_files);
  for (size_t i = 0; i < shards; ++i) {
    const size_t share = in_flight / shards + (i < in_flight % shards ? 1 : 0);
    shards_.push_back(std::make_unique<Shard>(options_, static_cast<int>(share), budget_));
  }
}

OpenAiBackend::~OpenAiBackend() = default;

std::string OpenAiBackend::identity() const {
  nlohmann::json identity = {{"provider", options_.provider},
                             {"model", options_.model},
                             {"base_url", options_.base_url},
                             {"max_tokens_field", options_.max_tokens_field},
                             {"think", options_.split_think ? "split" : "keep"}};
  if (options_.bare_reasoner) {
    identity["not_sent"] = {"temperature", "top_p"};
  }
  if (!options_.extra.empty()) {
    identity["extra"] = nlohmann::json::parse(options_.extra);
  }
  return identity.dump();
}

void OpenAiBackend::submit(Prompt prompt, std::function<void(Response)> done) {
  budget_.deposit();
  const auto emptiest =
      std::min_element(shards_.begin(), shards_.end(),
                       [](const auto& a, const auto& b) { return a->pending() < b->pending(); });
  (*emptiest)->submit(std::move(prompt), std::move(done));
}

}  // namespace assay
