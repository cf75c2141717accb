#include "reports/experts.h"

#include <algorithm>
#include <cmath>

#include <nlohmann/json.hpp>

namespace assay {

namespace {

using Layers = std::vector<std::vector<std::uint64_t>>;
using nlohmann::json;

// A results file may come from anywhere: what no model of this kind has is not taken in.
constexpr std::size_t layers_max = 1024;
constexpr std::size_t experts_max = 4096;
constexpr std::size_t details_bytes_max = std::size_t{16} << 20;

std::optional<std::vector<std::uint64_t>> counts_of(const json& list) {
  if (!list.is_array() || list.size() > experts_max) {
    return std::nullopt;
  }
  std::vector<std::uint64_t> counts;
  for (const json& count : list) {
    if (!count.is_number_unsigned() || count.get<std::uint64_t>() > UINT32_MAX) {
      return std::nullopt;
    }
    counts.push_back(count.get<std::uint64_t>());
  }
  return counts;
}

std::optional<Layers> layers_of(const json& list) {
  if (!list.is_array() || list.empty() || list.size() > layers_max) {
    return std::nullopt;
  }
  Layers layers;
  for (const json& layer : list) {
    auto counts = counts_of(layer);
    if (!counts) {
      return std::nullopt;
    }
    layers.push_back(std::move(*counts));
  }
  return layers;
}

bool same_shape(const Layers& a, const Layers& b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](const auto& x, const auto& y) { return x.size() == y.size(); });
}

std::uint64_t sum_of(const std::vector<std::uint64_t>& counts) {
  std::uint64_t sum = 0;
  for (const std::uint64_t count : counts) {
    sum += count;
  }
  return sum;
}

}  // namespace

void ExpertLoad::add(std::string_view details_json) {
  if (details_json.size() > details_bytes_max ||
      details_json.find("\"experts\"") == std::string_view::npos) {
    return;
  }
  const json details = json::parse(details_json, nullptr, false);
  if (!details.is_object() || !details.contains("experts")) {
    return;
  }
  const std::optional<Layers> fresh = layers_of(details.at("experts"));
  if (!fresh || (!layers.empty() && !same_shape(layers, *fresh))) {
    ++samples_left_out;
    return;
  }
  if (layers.empty()) {
    layers = *fresh;
  } else {
    for (std::size_t layer = 0; layer < layers.size(); ++layer) {
      for (std::size_t e = 0; e < layers[layer].size(); ++e) {
        layers[layer][e] += (*fresh)[layer][e];
      }
    }
  }
  ++samples;
}

std::vector<LayerBalance> balance_of(const ExpertLoad& load) {
  std::vector<LayerBalance> balances;
  for (std::size_t layer = 0; layer < load.layers.size(); ++layer) {
    const std::vector<std::uint64_t>& counts = load.layers[layer];
    LayerBalance balance{.layer = static_cast<int>(layer),
                         .experts = static_cast<int>(counts.size()),
                         .choices = sum_of(counts)};
    if (balance.choices == 0) {
      continue;
    }
    const auto experts = static_cast<double>(counts.size());
    const auto choices = static_cast<double>(balance.choices);
    const double mean = choices / experts;
    double squares = 0;
    double entropy = 0;
    for (const std::uint64_t count : counts) {
      const auto value = static_cast<double>(count);
      squares += (value - mean) * (value - mean);
      entropy -= count > 0 ? value / choices * std::log(value / choices) : 0;
      balance.max_over_mean = std::max(balance.max_over_mean, value / mean);
      balance.unused += count == 0 ? 1 : 0;
    }
    balance.variation = std::sqrt(squares / experts) / mean;
    balance.variation_by_chance = std::sqrt((experts - 1) / choices);
    balance.entropy = counts.size() > 1 ? entropy / std::log(experts) : 1;
    balances.push_back(balance);
  }
  return balances;
}

std::optional<double> overlap(const ExpertLoad& a, const ExpertLoad& b) {
  if (!same_shape(a.layers, b.layers)) {
    return std::nullopt;
  }
  double sum = 0;
  int layers = 0;
  for (std::size_t layer = 0; layer < a.layers.size(); ++layer) {
    const auto of_a = static_cast<double>(sum_of(a.layers[layer]));
    const auto of_b = static_cast<double>(sum_of(b.layers[layer]));
    if (of_a == 0 || of_b == 0) {
      continue;
    }
    for (std::size_t e = 0; e < a.layers[layer].size(); ++e) {
      sum += std::min(static_cast<double>(a.layers[layer][e]) / of_a,
                      static_cast<double>(b.layers[layer][e]) / of_b);
    }
    ++layers;
  }
  return layers > 0 ? std::optional(sum / layers) : std::nullopt;
}

std::optional<ExpertLoad> expert_load(const Reader& reader, const RunRecord& run) {
  if (!run.model.starts_with("engine:")) {
    return std::nullopt;
  }
  ExpertLoad load;
  reader.for_each_answer(run.id,
                         [&](const SampleRecord& sample) { load.add(sample.response.details); });
  return load.samples > 0 ? std::optional(std::move(load)) : std::nullopt;
}

}  // namespace assay
