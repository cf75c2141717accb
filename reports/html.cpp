#include <algorithm>
#include <ostream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <openssl/evp.h>

#include "embedded/chart_js.h"
#include "embedded/report_css.h"
#include "embedded/report_experts.h"
#include "embedded/report_js.h"
#include "embedded/report_page.h"
#include "embedded/report_sample.h"
#include "embedded/report_whisker.h"
#include "harness/digest.h"
#include "reports/censorship.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/html_data.h"
#include "reports/second_opinion.h"

namespace assay {

namespace {

using kainjow::mustache::mustache;

constexpr std::string_view samples_mark = "@@samples@@";
constexpr std::size_t text_bytes_min = 1024;
constexpr std::size_t texts_of_a_sample = 4;
constexpr std::size_t measurements_max = 1000;

std::string base64(const Digest& digest) {
  std::array<unsigned char, 64> text{};
  const int length = EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return {text.begin(), text.begin() + length};
}

// Only the page's own two scripts may run, known by their digests: should an escape ever be missed,
// a browser still refuses what a model wrote.
std::string security_policy() {
  return fmt::format(
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; form-action "
      "'none'; script-src 'sha256-{}' 'sha256-{}'",
      base64(sha256(chart_js)), base64(sha256(report_js)));
}

std::string title_of(const std::vector<RunAnalysis>& runs) {
  if (runs.empty()) {
    return "Measurements";
  }
  const RunRecord& first = runs.front().run;
  const auto same = [&](auto RunRecord::*field) {
    return std::all_of(runs.begin(), runs.end(), [&](const RunAnalysis& analysis) {
      return analysis.run.*field == first.*field;
    });
  };
  const bool one_suite = same(&RunRecord::suite);
  const bool one_model = same(&RunRecord::model);
  if (one_suite && one_model) {
    return first.suite + " · " + first.model;
  }
  if (one_suite || one_model) {
    return one_suite ? first.suite : first.model;
  }
  return fmt::format("{} runs", runs.size());
}

nlohmann::json chart(const std::string& id, const Metric& metric) {
  return {{"id", id},
          {"bins", metric.bins},
          {"end", metric.bins_end},
          {"unit", metric.unit},
          {"cut", metric.n >= 100}};
}

std::string charts_json(const std::vector<RunAnalysis>& runs) {
  nlohmann::json charts = nlohmann::json::array();
  for (const RunAnalysis& run : runs) {
    const std::string id = fmt::format("chart-{}-", run.run.id);
    if (!run.times[0].bins.empty()) {
      charts.push_back(chart(id + "latency", run.times[0]));
    }
    if (!run.tokens[2].bins.empty()) {
      charts.push_back(chart(id + "tokens", run.tokens[2]));
    }
  }
  return script_json(charts.dump());
}

PageData classes_data(const std::vector<RunAnalysis>& runs) {
  PageData classes(PageData::type::list);
  std::map<SampleClass, std::int64_t> shown;
  std::int64_t all = 0;
  for (const RunAnalysis& run : runs) {
    for (const auto& [which, count] : run.choice.shown) {
      shown[which] += count;
      all += count;
    }
  }
  const auto add = [&](std::string_view key, std::string_view name, std::int64_t count) {
    PageData data;
    set_text(data, "key", key);
    set_text(data, "name", name);
    set_text(data, "count", format_count(count));
    data.set("first", key == "all");
    classes.push_back(data);
  };
  add("all", "All", all);
  add("wrong", "Wrong", shown[SampleClass::wrong]);
  add("right", "Right", shown[SampleClass::right]);
  add("failed", "Failed", shown[SampleClass::failed]);
  add("unscored", "Unscored", shown[SampleClass::unscored]);
  return classes;
}

void set_measurements(PageData& page, const std::vector<MeasurementRecord>& measurements) {
  PageData rows(PageData::type::list);
  const std::size_t from =
      measurements.size() > measurements_max ? measurements.size() - measurements_max : 0;
  for (std::size_t i = from; i < measurements.size(); ++i) {
    rows.push_back(measurement_data(measurements[i]));
  }
  page.set("has_measurements", !measurements.empty());
  page.set("measurements", rows);
  if (from > 0) {
    set_text(page, "measurements_left_out",
             fmt::format("The newest {} of {}.", measurements_max, measurements.size()));
  }
}

PageData page_data(const ReportContext& context, const std::vector<RunAnalysis>& runs) {
  PageData page;
  page.set("policy", security_policy());
  page.set("css", std::string(report_css));
  page.set("chart_js", std::string(chart_js));
  page.set("script", std::string(report_js));
  page.set("charts", charts_json(runs));
  page.set("bar", kainjow::mustache::partial([] { return std::string(report_whisker); }));
  page.set("expert_section",
           kainjow::mustache::partial([] { return std::string(report_experts); }));
  set_text(page, "title", title_of(runs));
  set_text(page, "program", context.options.program);
  set_text(page, "generated_at", format_time(context.generated_at));
  set_text(page, "runs_count", runs.size() == 1 ? "1 run" : fmt::format("{} runs", runs.size()));
  if (!context.options.db.empty()) {
    set_text(page, "db", std::filesystem::path(context.options.db).filename().string());
  }
  PageData list(PageData::type::list);
  bool any_k = false;
  std::string mocks;
  for (const RunAnalysis& run : runs) {
    PageData data = run_data(context, run);
    set_experts(data, run, runs);
    list.push_back(data);
    any_k = any_k || run.run.samples > 1;
    if (run.is_mock()) {
      mocks += fmt::format("{} {}", mocks.empty() ? "run" : ", run", run.run.id);
    }
  }
  page.set("runs", list);
  page.set("any_k", any_k);
  page.set("many_runs", runs.size() > 1);
  page.set("any_mock", !mocks.empty());
  set_text(page, "mock_runs", mocks);
  set_measurements(page, context.options.runs.empty() ? context.reader.measurements()
                                                      : std::vector<MeasurementRecord>{});
  set_text(page, "samples_rule", samples_rule(runs));
  page.set("classes", classes_data(runs));
  constexpr std::size_t pair_text_bytes_max = 4096;
  const std::string censorship =
      censorship_html(context.reader, censorship_report(context.reader, records_of(runs)),
                      std::min(context.options.text_bytes_max, pair_text_bytes_max));
  page.set("has_censorship", !censorship.empty());
  page.set("censorship", censorship);
  const std::string opinions =
      second_opinion_html(second_opinions(context.reader, records_of(runs)));
  page.set("has_second_opinion", !opinions.empty());
  page.set("second_opinion", opinions);
  return page;
}

// One after the other, so that memory holds one.
void write_samples(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                   std::ostream& out) {
  std::size_t count = 0;
  for (const RunAnalysis& run : runs) {
    count += run.choice.keys.size();
  }
  const std::size_t share =
      report_page_texts_bytes_max / std::max<std::size_t>(1, count * texts_of_a_sample);
  const std::size_t text_bytes_max =
      std::min(context.options.text_bytes_max, std::max(share, text_bytes_min));
  mustache page{std::string(report_sample)};
  for (const RunAnalysis& run : runs) {
    for (const SampleKey& key : run.choice.keys) {
      if (const std::optional<SampleRecord> sample = context.reader.sample(key)) {
        page.render(sample_data(context.reader, run.run, *sample, text_bytes_max), out);
      }
    }
  }
}

}  // namespace

void set_text(PageData& data, const std::string& name, std::string_view text) {
  data.set(name, visible_text(text));
}

PageData measurement_data(const MeasurementRecord& measurement) {
  PageData data;
  set_text(data, "name", measurement.name);
  set_text(data, "case", measurement.case_json);
  const auto number = [](const std::optional<double>& value) {
    return value ? format_number(*value) : std::string("–");
  };
  set_text(data, "value",
           measurement.value ? number(measurement.value) + " " + measurement.unit : "skipped");
  set_text(data, "interval",
           measurement.interval_low && measurement.interval_high
               ? number(measurement.interval_low) + " – " + number(measurement.interval_high)
               : "–");
  const bool known = measurement.value && measurement.ceiling && *measurement.ceiling > 0;
  set_text(data, "of_ceiling",
           known ? format_percent(*measurement.value / *measurement.ceiling) : "–");
  set_text(data, "n", format_count(measurement.repetitions));
  set_text(data, "note",
           measurement.skipped.empty() ? measurement.ceiling_source : measurement.skipped);
  return data;
}

void write_html(const ReportContext& context, const std::vector<RunAnalysis>& runs,
                std::ostream& out) {
  const std::size_t mark = report_page.find(samples_mark);
  const std::string_view top = report_page.substr(0, mark);
  const std::string_view bottom = report_page.substr(mark + samples_mark.size());
  const PageData page = page_data(context, runs);
  mustache(std::string(top)).render(page, out);
  write_samples(context, runs, out);
  mustache(std::string(bottom)).render(page, out);
}

}  // namespace assay
