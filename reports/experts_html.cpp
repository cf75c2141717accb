#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "reports/format.h"
#include "reports/html_data.h"

namespace assay {

namespace {

// Loads relative to an even share, up to and not including `below`; darker is busier.
struct Shade {
  double below;
  const char* opacity;
  const char* meaning;
};
constexpr std::array<Shade, 7> shades = {{{1e-9, "0", "never chosen"},
                                          {0.25, "0.08", "less than a quarter of its share"},
                                          {0.8, "0.22", "up to 0.8 of its share"},
                                          {1.25, "0.4", "its share"},
                                          {2, "0.6", "up to twice its share"},
                                          {4, "0.8", "up to four times its share"},
                                          {1e300, "1", "more"}}};
constexpr std::size_t cells_max = 100'000;  // of one heat map
// The side of a cell in pixels, so that few cells do not fill the page and many layers fit a
// screen; many experts share the page's width.
constexpr int cell_min = 5;
constexpr int cell_max = 32;
constexpr int map_height = 480;

std::size_t shade_of(double load) {
  std::size_t shade = 0;
  while (load >= shades[shade].below && shade + 1 < shades.size()) {
    ++shade;
  }
  return shade;
}

// A square of 10 for each expert, a row for each layer with experts; one path for each shade.
PageData heat_map(const ExpertLoad& load, const std::vector<LayerBalance>& balances) {
  std::array<std::string, shades.size()> paths;
  int widest = 0;
  int y = 0;
  for (const LayerBalance& balance : balances) {
    const auto& counts = load.layers[static_cast<std::size_t>(balance.layer)];
    const double mean = static_cast<double>(balance.choices) / balance.experts;
    for (std::size_t e = 0; e < counts.size(); ++e) {
      paths[shade_of(static_cast<double>(counts[e]) / mean)] +=
          fmt::format("M{} {}h9v9h-9z", e * 10, y);
    }
    widest = std::max(widest, balance.experts);
    y += 10;
  }
  const int rows = static_cast<int>(balances.size());
  const int cell = std::clamp(map_height / rows, cell_min, cell_max);
  PageData map;
  map.set("box", fmt::format("0 0 {} {}", widest * 10, y));
  map.set("width", std::to_string(widest * cell));
  map.set("first_layer", std::to_string(balances.front().layer));
  map.set("last_layer", std::to_string(balances.back().layer));
  map.set("last_expert", std::to_string(widest - 1));
  PageData list(PageData::type::list);
  for (std::size_t shade = 0; shade < shades.size(); ++shade) {
    PageData path;
    path.set("d", paths[shade]);
    path.set("opacity", std::string(shades[shade].opacity));
    path.set("meaning", std::string(shades[shade].meaning));
    list.push_back(path);
  }
  map.set("shades", list);
  return map;
}

PageData balance_rows(const std::vector<LayerBalance>& balances) {
  PageData rows(PageData::type::list);
  for (const LayerBalance& balance : balances) {
    PageData row;
    row.set("layer", std::to_string(balance.layer));
    row.set("experts", format_count(balance.experts));
    row.set("choices", format_count(static_cast<std::int64_t>(balance.choices)));
    row.set("max", fmt::format("{:.2f}", balance.max_over_mean));
    row.set("variation", fmt::format("{:.2f}", balance.variation));
    row.set("chance", fmt::format("{:.2f}", balance.variation_by_chance));
    row.set("entropy", fmt::format("{:.3f}", balance.entropy));
    row.set("unused", format_count(balance.unused));
    rows.push_back(row);
  }
  return rows;
}

PageData overlap_rows(const RunAnalysis& run, const std::vector<RunAnalysis>& runs) {
  PageData rows(PageData::type::list);
  for (const RunAnalysis& other : runs) {
    if (other.run.id == run.run.id || !other.experts) {
      continue;
    }
    if (const std::optional<double> common = overlap(*run.experts, *other.experts)) {
      PageData row;
      set_text(row, "run", std::to_string(other.run.id));
      set_text(row, "suite", other.run.suite);
      set_text(row, "model", other.run.model);
      row.set("common", format_percent(*common));
      rows.push_back(row);
    }
  }
  return rows;
}

}  // namespace

void set_experts(PageData& data, const RunAnalysis& run, const std::vector<RunAnalysis>& runs) {
  data.set("experts", false);
  if (!run.experts) {
    return;
  }
  const std::vector<LayerBalance> balances = balance_of(*run.experts);
  std::size_t cells = 0;
  for (const LayerBalance& balance : balances) {
    cells += static_cast<std::size_t>(balance.experts);
  }
  PageData experts;
  set_text(experts, "answers", format_count(run.experts->samples));
  experts.set("map", cells <= cells_max && cells > 0 ? heat_map(*run.experts, balances)
                                                     : PageData(PageData::type::bool_false));
  experts.set("balance", balance_rows(balances));
  const PageData common = overlap_rows(run, runs);
  experts.set("has_overlap", common.is_non_empty_list());
  experts.set("overlap", common);
  data.set("experts", experts);
}

}  // namespace assay
