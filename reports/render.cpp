#include "reports/render.h"

#include <fmt/core.h>

#include "harness/catalogue.h"
#include "harness/error.h"
#include "reports/format.h"

namespace assay {

std::vector<RunRecord> records_of(const std::vector<RunAnalysis>& runs) {
  std::vector<RunRecord> records;
  for (const RunAnalysis& run : runs) {
    records.push_back(run.run);
  }
  return records;
}

std::string samples_rule(const std::vector<RunAnalysis>& runs) {
  std::int64_t shown = 0;
  std::int64_t there = 0;
  std::map<SampleClass, std::pair<std::int64_t, std::int64_t>> classes;
  for (const RunAnalysis& run : runs) {
    shown += static_cast<std::int64_t>(run.choice.keys.size());
    there += run.samples;
    for (const auto& [which, count] : run.choice.there) {
      classes[which].first += run.choice.shown.at(which);
      classes[which].second += count;
    }
  }
  if (shown == there) {
    return fmt::format("All {} samples, wrong ones first.", format_count(there));
  }
  std::string text =
      fmt::format("Showing {} of {} samples: ", format_count(shown), format_count(there));
  const char* separator = "";
  for (const auto& [which, counts] : classes) {
    if (counts.second > 0) {
      text += fmt::format("{}{} of {} {}", separator, format_count(counts.first),
                          format_count(counts.second), to_text(which));
      separator = ", ";
    }
  }
  return text +
         ". Wrong ones come first; every kind keeps an eighth of the room where it can fill it; of "
         "a "
         "kind that does not fit, samples are taken at equal distances over the run. "
         "`assay show RUN SAMPLE` prints any other, and a .csv report lists all.";
}

std::string price_note(const ReportContext& context, const RunAnalysis& run) {
  const Price* price = nullptr;
  try {
    const ModelSpec model = parse_model(run.run.model);
    price = context.prices.find(model.provider, model.name);
  } catch (const UserError&) {  // a model of another form has no price
  }
  if (!run.cost_usd && price == nullptr) {
    return "Cost: unknown, because the price list has no price for this model. That is not 0.";
  }
  std::string note = "Cost: ";
  if (run.cost_usd) {
    note += fmt::format("{} for {} samples", format_usd(*run.cost_usd),
                        format_count(run.samples_priced));
    if (run.samples_priced < run.samples) {
      note += fmt::format("; samples without a cost (failed, or tokens not counted): {}",
                          format_count(run.samples - run.samples_priced));
    }
  } else {
    note += "unknown, because it was not recorded when the answers came";
  }
  if (price != nullptr) {
    const std::string cached =
        price->cached_input_usd
            ? fmt::format(", {} from cache", format_usd(*price->cached_input_usd))
            : "";
    note += fmt::format(
        ". Price list today: {} per 1M input tokens{}, {} per 1M output tokens ({}; {})",
        format_usd(price->input_usd), cached, format_usd(price->output_usd), price->valid,
        price->source);
    note += price->note.empty() ? "" : ", " + price->note;
  }
  return note + ".";
}

std::string timing_note(const RunAnalysis& run) {
  std::string note;
  if (run.from_cache > 0) {
    note += fmt::format("Answers taken from an earlier run ({}) have no time of their own. ",
                        format_count(run.from_cache));
  }
  if (run.failed > 0) {
    note += fmt::format("Failed requests ({}) have no latency. ", format_count(run.failed));
  }
  if (run.retried > 0) {
    note += fmt::format("Samples that took more than one attempt: {}. ", format_count(run.retried));
  }
  return note;
}

std::string consensus_name(const RunAnalysis& run) {
  return fmt::format("cons@{}", run.run.samples);
}

}  // namespace assay
