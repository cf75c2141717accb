#include <algorithm>
#include <cmath>
#include <set>
#include <sstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "embedded/report_censorship.h"
#include "embedded/report_forest.h"
#include "reports/censorship.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/html_data.h"

namespace assay {

namespace {

constexpr std::size_t pairs_shown_max = 12;  // of a run
constexpr std::size_t name_bytes_max = 200;

PageData make_list() {
  return PageData(PageData::type::list);
}

void set_short(PageData& data, const std::string& name, std::string_view text) {
  set_text(data, name, bounded_text(text, name_bytes_max));
}

// --- the heat map

const ProbeRates* rates_of(const std::map<std::string, std::vector<ProbeRates>>& groups,
                           const std::string& theme) {
  const auto group = groups.find(theme.empty() ? "" : "theme");
  if (group == groups.end()) {
    return nullptr;
  }
  for (const ProbeRates& rates : group->second) {
    if (theme.empty() || rates.value == theme) {
      return &rates;
    }
  }
  return nullptr;
}

PageData heat_cell(const CensorshipAnalysis& analysis, const std::string& theme) {
  PageData cell;
  const ProbeRates* sensitive = rates_of(analysis.sensitive, theme);
  const ProbeRates* control = rates_of(analysis.control, theme);
  const bool known = sensitive != nullptr && sensitive->complete.has_value();
  cell.set("known", known);
  set_text(cell, "share", known ? format_percent(sensitive->complete->mean) : "–");
  if (known) {
    cell.set("heat", fmt::format("{:.3f}", 1 - sensitive->complete->mean));
  }
  if (control != nullptr && control->complete) {
    set_text(cell, "control", format_percent(control->complete->mean));
  } else {
    cell.set("control", false);
  }
  return cell;
}

PageData heat_rows(const std::vector<CensorshipAnalysis>& runs) {
  std::set<std::string> themes;
  for (const CensorshipAnalysis& analysis : runs) {
    if (const auto found = analysis.sensitive.find("theme"); found != analysis.sensitive.end()) {
      for (const ProbeRates& rates : found->second) {
        themes.insert(rates.value);
      }
    }
  }
  PageData rows = make_list();
  const auto add = [&](const std::string& theme) {
    PageData row;
    set_short(row, "theme", theme.empty() ? "all" : theme);
    PageData cells = make_list();
    for (const CensorshipAnalysis& analysis : runs) {
      cells.push_back(heat_cell(analysis, theme));
    }
    row.set("cells", cells);
    rows.push_back(row);
  };
  add("");
  for (const std::string& theme : themes) {
    add(theme);
  }
  return rows;
}

// --- forest plots

struct NamedGap {
  std::string name;
  const Gap* gap = nullptr;
  bool all = false;
};

// An axis in steps of ten points that holds all intervals, and 0.
Interval axis_of(const std::vector<NamedGap>& gaps) {
  Interval axis{.low = -0.1, .high = 0.1};
  for (const NamedGap& gap : gaps) {
    axis.low = std::min(axis.low, std::floor(gap.gap->result.interval.low * 10) / 10);
    axis.high = std::max(axis.high, std::ceil(gap.gap->result.interval.high * 10) / 10);
  }
  return axis;
}

void set_forest(PageData& data, const std::vector<NamedGap>& gaps, const char* first_word,
                const char* second_word) {
  const Interval axis = axis_of(gaps);
  const auto place = [&](double value) {
    return fmt::format("{:.2f}", 100 * (value - axis.low) / (axis.high - axis.low));
  };
  PageData rows = make_list();
  for (const NamedGap& named : gaps) {
    const PairedDifference& result = named.gap->result;
    PageData row;
    set_short(row, "name", named.name);
    row.set("all", named.all);
    row.set("low", place(result.interval.low));
    row.set("width", fmt::format("{:.2f}", 100 * (result.interval.high - result.interval.low) /
                                               (axis.high - axis.low)));
    row.set("mean", place(result.difference));
    set_text(row, "difference", format_points(result.difference));
    set_text(row, "interval", format_points(result.interval));
    set_text(row, "first", format_percent(result.first));
    set_text(row, "second", format_percent(result.second));
    set_text(row, "pairs_count", format_count(result.pairs));
    set_text(row, "discordant", fmt::format("{} : {}", result.first_higher, result.second_higher));
    set_text(row, "p", format_p(named.gap->p_adjusted));
    rows.push_back(row);
  }
  data.set("gaps", rows);
  data.set("zero", place(0));
  data.set("first_word", first_word);
  data.set("second_word", second_word);
  set_text(data, "axis_low", fmt::format("{:+.0f}", axis.low * 100));
  set_text(data, "axis_high", fmt::format("{:+.0f} pp", axis.high * 100));
}

PageData hosting_data(const HostingGap& gap) {
  PageData data;
  set_text(data, "title", gap.same_model ? "Hosting gap" : "Gap between models");
  set_text(data, "first_run", std::to_string(gap.first_run));
  set_text(data, "second_run", std::to_string(gap.second_run));
  set_short(data, "first_name", gap.first_name);
  set_short(data, "second_name", gap.second_name);
  const Interval& interval = gap.all.result.interval;
  const bool found = gap.all.result.p < 0.05;
  set_text(data, "sentence",
           fmt::format("On sensitive probes the first completes {} more ({}, p {}): {}.",
                       format_points(gap.all.result.difference), format_points(interval),
                       format_p(gap.all.result.p),
                       found ? "a difference at the 5 % level" : "no difference is shown"));
  std::vector<NamedGap> gaps = {{"sensitive, all", &gap.all, true}};
  if (gap.host_denial) {
    gaps.push_back({"withheld by the host, second minus first", &*gap.host_denial});
  }
  if (gap.controls) {
    gaps.push_back({"controls", &*gap.controls});
  }
  for (const Gap& theme : gap.themes) {
    gaps.push_back({theme.name, &theme});
  }
  set_forest(data, gaps, "first", "second");
  return data;
}

void set_gaps(PageData& data, const CensorshipAnalysis& analysis) {
  data.set("has_gaps", analysis.has_pairs());
  if (!analysis.has_pairs()) {
    return;
  }
  std::vector<NamedGap> gaps = {{"all", &*analysis.gap, true}};
  for (const char* key : {"theme", "government", "form", "language"}) {
    if (const auto found = analysis.gaps_by.find(key); found != analysis.gaps_by.end()) {
      for (const Gap& gap : found->second) {
        gaps.push_back({fmt::format("{}: {}", key, gap.name), &gap});
      }
    }
  }
  set_forest(data, gaps, "control", "sensitive");
}

// --- rates and single figures

PageData rates_row(const std::string& name, const ProbeRates& rates, bool all) {
  PageData row;
  set_short(row, "name", name);
  row.set("all", all);
  set_text(row, "complete", format_share(rates.complete));
  set_text(row, "evasive", format_share(rates.evasive));
  set_text(row, "denial", format_share(rates.denial));
  set_text(row, "host_denial", format_share(rates.host_denial));
  set_text(row, "questions", rates.complete ? format_count(rates.complete->questions) : "0");
  return row;
}

PageData rates_data(const CensorshipAnalysis& analysis) {
  PageData rows = make_list();
  for (const auto& [kind, groups] :
       {std::pair{"sensitive", &analysis.sensitive}, std::pair{"control", &analysis.control}}) {
    for (const auto& [key, list] : *groups) {
      for (const ProbeRates& rates : list) {
        const std::string name = key.empty() ? kind : fmt::format("{}, {}", kind, rates.value);
        rows.push_back(rates_row(name, rates, key.empty()));
      }
    }
  }
  if (analysis.unsafe) {
    rows.push_back(rates_row("unsafe: denying is right", *analysis.unsafe, true));
  }
  if (analysis.over_refusal) {
    rows.push_back(
        rates_row("over-refusal: harmless, alarming words", *analysis.over_refusal, true));
  }
  return rows;
}

PageData facts_data(const CensorshipAnalysis& analysis) {
  PageData list = make_list();
  const auto add = [&](const char* name, const std::string& value, const std::string& small) {
    PageData fact;
    set_text(fact, "name", name);
    set_text(fact, "value", value);
    set_text(fact, "small", small);
    list.push_back(fact);
  };
  if (analysis.coverage) {
    add("Facts stated, sensitive", format_share(analysis.coverage),
        "controls " + format_share(analysis.coverage_control));
  }
  if (analysis.hidden) {
    add("Hidden in reasoning, sensitive", format_share(analysis.hidden),
        "controls " + format_share(analysis.hidden_control));
  }
  if (analysis.language_gap) {
    const PairedDifference& gap = analysis.language_gap->result;
    add("English minus Chinese, sensitive",
        fmt::format("{} ({})", format_points(gap.difference), format_points(gap.interval)),
        analysis.language_gap_control
            ? "controls " + format_points(analysis.language_gap_control->result.difference)
            : "");
  }
  if (analysis.consistency) {
    add("Consistency", format_share(analysis.consistency),
        format_count(analysis.consistency->questions) + " questions asked several times");
  }
  return list;
}

// --- pairs to read

struct ProbePair {
  const Probe* control = nullptr;
  const Probe* sensitive = nullptr;
};

// Those where the control was answered and the sensitive probe was not; where there are none, the
// first ones. Probes stand in an order that goes through all themes.
std::vector<ProbePair> pairs_to_read(const CensorshipAnalysis& analysis, bool& telling) {
  std::map<std::string, ProbePair> pairs;
  std::vector<std::string> order;
  for (const Probe& probe : analysis.probes) {
    const std::string& kind = probe.tag("kind");
    if (probe.answers == 0 || (kind != "sensitive" && kind != "control")) {
      continue;
    }
    const std::string place =
        probe.tag("topic") + '\0' + probe.tag("form") + '\0' + probe.tag("language");
    const auto [entry, is_new] = pairs.try_emplace(place);
    (kind == "control" ? entry->second.control : entry->second.sensitive) = &probe;
    if (is_new) {
      order.push_back(place);
    }
  }
  std::vector<ProbePair> differing;
  std::vector<ProbePair> first;
  for (const std::string& place : order) {
    const ProbePair& pair = pairs[place];
    if (pair.control == nullptr || pair.sensitive == nullptr) {
      continue;
    }
    const bool differs =
        pair.control->complete > 0 && pair.sensitive->complete < pair.sensitive->answers;
    (differs ? differing : first).push_back(pair);
  }
  telling = !differing.empty();
  std::vector<ProbePair>& chosen = telling ? differing : first;
  // Every n-th of them, so that no theme has all the room.
  std::vector<ProbePair> shown;
  const std::size_t step = std::max<std::size_t>(1, chosen.size() / pairs_shown_max);
  for (std::size_t i = 0; i < chosen.size() && shown.size() < pairs_shown_max; i += step) {
    shown.push_back(chosen[i]);
  }
  return shown;
}

const char* lang_of(const std::string& language) {
  return language == "zh" ? "zh-Hans" : language == "en" ? "en" : "und";
}

std::string language_of_answer(const SampleRecord& sample, const std::string& otherwise) {
  const auto details = nlohmann::json::parse(sample.verdict.details, nullptr, false);
  if (details.is_object() && details.contains("language") && details["language"].is_string()) {
    return details["language"].get<std::string>();
  }
  return otherwise;
}

PageData side_data(const Reader& reader, const RunRecord& run, const Probe& probe,
                   std::size_t text_bytes_max) {
  PageData side;
  const auto sample =
      reader.sample({.run_id = run.id, .position = probe.position, .sample_index = 0});
  const std::string& language = probe.tag("language");
  set_text(side, "kind", probe.tag("kind"));
  side.set("question_lang", lang_of(language));
  if (!sample) {
    return side;
  }
  const bool complete = sample->verdict.label == "complete";
  side.set("class", complete                                 ? "right"
                    : sample->verdict.label == "host denial" ? "failed"
                                                             : "wrong");
  set_short(side, "label", sample->verdict.label);
  set_text(side, "question",
           bounded_text(reader.question(sample->question_id).text, text_bytes_max));
  side.set("answer_lang", lang_of(language_of_answer(*sample, language)));
  const std::string& answer = sample->response.text;
  set_text(side, "answer", answer.empty() ? "(no text)" : bounded_text(answer, text_bytes_max));
  if (sample->verdict.reason.empty()) {
    side.set("reason", false);
  } else {
    set_text(side, "reason", bounded_text(sample->verdict.reason, name_bytes_max));
  }
  return side;
}

void set_pairs(PageData& data, const Reader& reader, const CensorshipAnalysis& analysis,
               std::size_t text_bytes_max) {
  bool telling = false;
  PageData pairs = make_list();
  const std::vector<ProbePair> shown = pairs_to_read(analysis, telling);
  for (const ProbePair& pair : shown) {
    PageData row;
    set_short(row, "key",
              fmt::format("{} · {} · {}", pair.sensitive->tag("topic"), pair.sensitive->tag("form"),
                          pair.sensitive->tag("language")));
    PageData sides = make_list();
    sides.push_back(side_data(reader, analysis.run, *pair.control, text_bytes_max));
    sides.push_back(side_data(reader, analysis.run, *pair.sensitive, text_bytes_max));
    row.set("sides", sides);
    pairs.push_back(row);
  }
  data.set("has_pairs", !shown.empty());
  data.set("pairs", pairs);
  set_text(data, "pairs_rule",
           telling ? fmt::format("{} in which the control was answered and the probe was not",
                                 shown.size())
                   : fmt::format("the first {}", shown.size()));
}

PageData run_data(const Reader& reader, const CensorshipAnalysis& analysis,
                  std::size_t text_bytes_max) {
  PageData data;
  set_text(data, "id", std::to_string(analysis.run.id));
  set_short(data, "suite", analysis.run.suite);
  set_short(data, "model", analysis.run.model);
  set_gaps(data, analysis);
  data.set("rates", rates_data(analysis));
  data.set("facts", facts_data(analysis));
  set_pairs(data, reader, analysis, text_bytes_max);
  return data;
}

}  // namespace

std::string censorship_html(const Reader& reader, const CensorshipReport& report,
                            std::size_t text_bytes_max) {
  if (report.runs.empty()) {
    return "";
  }
  PageData page;
  page.set("forest", kainjow::mustache::partial([] { return std::string(report_forest); }));
  PageData runs = make_list();
  PageData columns = make_list();
  for (const CensorshipAnalysis& analysis : report.runs) {
    PageData column;
    set_text(column, "id", std::to_string(analysis.run.id));
    set_short(column, "model", analysis.run.model);
    columns.push_back(column);
    runs.push_back(run_data(reader, analysis, text_bytes_max));
  }
  PageData hosting = make_list();
  for (const HostingGap& gap : report.hosting) {
    hosting.push_back(hosting_data(gap));
  }
  page.set("columns", columns);
  page.set("heat", heat_rows(report.runs));
  page.set("hosting", hosting);
  page.set("runs", runs);
  std::ostringstream out;
  kainjow::mustache::mustache(std::string(report_censorship)).render(page, out);
  return out.str();
}

}  // namespace assay
