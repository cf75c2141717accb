#include "reports/censorship.h"

#include <ostream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "reports/escape.h"
#include "reports/format.h"

namespace assay {

namespace {

using Json = nlohmann::ordered_json;
using Cells = std::vector<std::string>;

void write_row(std::ostream& out, const Cells& cells) {
  for (const std::string& cell : cells) {
    out << "| " << markdown_text(cell) << ' ';
  }
  out << "|\n";
}

void write_header(std::ostream& out, const Cells& cells) {
  write_row(out, cells);
  for (std::size_t i = 0; i < cells.size(); ++i) {
    out << (i == 0 ? "|---" : "|---:");
  }
  out << "|\n";
}

void write_gap(std::ostream& out, const std::string& name, const Gap& gap) {
  const PairedDifference& result = gap.result;
  write_row(
      out, {name, format_points(result.difference), format_points(result.interval),
            format_percent(result.first), format_percent(result.second), format_count(result.pairs),
            fmt::format("{} : {}", result.first_higher, result.second_higher),
            format_p(gap.p_adjusted)});
}

void write_gaps(std::ostream& out, const CensorshipAnalysis& analysis) {
  if (!analysis.gap) {
    return;
  }
  out << "\nThe censorship gap: complete on the control minus complete on the sensitive probe of "
         "each pair.\n\n";
  write_header(out, {"Gap", "Difference", "95 % interval", "Control", "Sensitive", "Pairs",
                     "Higher on control : on sensitive", "p (Holm)"});
  write_gap(out, "all", *analysis.gap);
  for (const auto& [key, gaps] : analysis.gaps_by) {
    for (const Gap& gap : gaps) {
      write_gap(out, key + ": " + gap.name, gap);
    }
  }
  if (analysis.language_gap) {
    write_gap(out, "English minus Chinese, sensitive", *analysis.language_gap);
  }
  if (analysis.language_gap_control) {
    write_gap(out, "English minus Chinese, controls", *analysis.language_gap_control);
  }
  if (analysis.coverage_gap) {
    write_gap(out, "facts stated, control minus sensitive", *analysis.coverage_gap);
  }
}

void write_rates(std::ostream& out, const std::string& kind,
                 const std::map<std::string, std::vector<ProbeRates>>& groups) {
  for (const auto& [key, rates] : groups) {
    for (const ProbeRates& rate : rates) {
      write_row(out, {kind + (key.empty() ? "" : ", " + key + " " + rate.value),
                      format_share(rate.complete), format_share(rate.evasive),
                      format_share(rate.denial), format_share(rate.host_denial),
                      rate.complete ? format_count(rate.complete->questions) : "0"});
    }
  }
}

void write_run(std::ostream& out, const CensorshipAnalysis& analysis) {
  out << "\n### Run " << analysis.run.id << ": " << markdown_text(analysis.run.suite) << ", "
      << markdown_text(analysis.run.model) << "\n\n";
  write_header(out, {"Probes", "Complete", "Evasive", "Denial", "Host denial", "Questions"});
  write_rates(out, "sensitive", analysis.sensitive);
  write_rates(out, "control", analysis.control);
  for (const auto& [name, rates] : {std::pair{"unsafe (denying is right)", &analysis.unsafe},
                                    std::pair{"over-refusal", &analysis.over_refusal}}) {
    if (*rates) {
      write_rates(out, name, {{"", {**rates}}});
    }
  }
  write_gaps(out, analysis);
  out << "\nFacts stated: " << format_share(analysis.coverage) << " on sensitive probes, "
      << format_share(analysis.coverage_control)
      << " on controls. Hidden in reasoning: " << format_share(analysis.hidden)
      << " of the sensitive probes whose reasoning is known, "
      << format_share(analysis.hidden_control)
      << " of the controls. Consistency: " << format_share(analysis.consistency) << ".\n";
}

void write_hosting(std::ostream& out, const std::vector<HostingGap>& gaps) {
  for (const HostingGap& gap : gaps) {
    out << "\n### " << (gap.same_model ? "Hosting gap" : "Gap between models") << ": run "
        << gap.first_run << " minus run " << gap.second_run << "\n\n"
        << "First " << markdown_text(gap.first_name) << ", second "
        << markdown_text(gap.second_name) << "; complete answers to the same probes.\n\n";
    write_header(out, {"Gap", "Difference", "95 % interval", "First", "Second", "Pairs",
                       "Higher first : second", "p (Holm)"});
    write_gap(out, "sensitive, all", gap.all);
    if (gap.controls) {
      write_gap(out, "controls", *gap.controls);
    }
    for (const Gap& theme : gap.themes) {
      write_gap(out, "sensitive, " + theme.name, theme);
    }
  }
}

Json to_json(const std::optional<Score>& score) {
  if (!score) {
    return nullptr;
  }
  return {{"mean", score->mean},
          {"interval", {score->interval.low, score->interval.high}},
          {"questions", score->questions}};
}

Json to_json(const Gap& gap) {
  const PairedDifference& result = gap.result;
  return {{"name", gap.name},
          {"difference", result.difference},
          {"interval", {result.interval.low, result.interval.high}},
          {"first", result.first},
          {"second", result.second},
          {"pairs", result.pairs},
          {"first_higher", result.first_higher},
          {"second_higher", result.second_higher},
          {"p", result.p},
          {"p_adjusted", gap.p_adjusted}};
}

Json to_json(const std::optional<Gap>& gap) {
  return gap ? to_json(*gap) : Json(nullptr);
}

Json to_json(const std::vector<Gap>& gaps) {
  Json list = Json::array();
  for (const Gap& gap : gaps) {
    list.push_back(to_json(gap));
  }
  return list;
}

Json to_json(const ProbeRates& rates) {
  return {{"value", rates.value},
          {"complete", to_json(rates.complete)},
          {"evasive", to_json(rates.evasive)},
          {"denial", to_json(rates.denial)},
          {"host_denial", to_json(rates.host_denial)}};
}

Json to_json(const std::optional<ProbeRates>& rates) {
  return rates ? to_json(*rates) : Json(nullptr);
}

Json to_json(const std::map<std::string, std::vector<ProbeRates>>& groups) {
  Json json = Json::object();
  for (const auto& [key, list] : groups) {
    for (const ProbeRates& rates : list) {
      json[key.empty() ? "all" : key].push_back(to_json(rates));
    }
  }
  return json;
}

Json to_json(const CensorshipAnalysis& analysis) {
  Json json = {{"run", analysis.run.id},
               {"rates",
                {{"sensitive", to_json(analysis.sensitive)},
                 {"control", to_json(analysis.control)},
                 {"unsafe", to_json(analysis.unsafe)},
                 {"over_refusal", to_json(analysis.over_refusal)}}},
               {"gap", to_json(analysis.gap)},
               {"gaps", Json::object()}};
  for (const auto& [key, gaps] : analysis.gaps_by) {
    json["gaps"][key] = to_json(gaps);
  }
  json["language_gap"] = to_json(analysis.language_gap);
  json["language_gap_control"] = to_json(analysis.language_gap_control);
  json["coverage"] = to_json(analysis.coverage);
  json["coverage_control"] = to_json(analysis.coverage_control);
  json["coverage_gap"] = to_json(analysis.coverage_gap);
  json["hidden"] = to_json(analysis.hidden);
  json["hidden_control"] = to_json(analysis.hidden_control);
  json["consistency"] = to_json(analysis.consistency);
  return json;
}

}  // namespace

CensorshipReport censorship_report(const Reader& reader, const std::vector<RunRecord>& runs) {
  CensorshipReport report;
  for (const RunRecord& run : runs) {
    if (is_censorship_run(run)) {
      report.runs.push_back(analyse_censorship(reader, run));
    }
  }
  report.hosting = hosting_gaps(report.runs);
  return report;
}

std::string format_points(double difference) {
  return fmt::format("{:+.1f} pp", difference * 100);
}

std::string format_points(const Interval& of) {
  return fmt::format("{:+.1f} to {:+.1f} pp", of.low * 100, of.high * 100);
}

std::string format_p(double p) {
  return p < 0.001 ? "< 0.001" : fmt::format("{:.3f}", p);
}

std::string format_share(const std::optional<Score>& score) {
  return score
             ? fmt::format("{} ({})", format_percent(score->mean), format_interval(score->interval))
             : "–";
}

void write_censorship_markdown(const CensorshipReport& report, std::ostream& out) {
  if (report.runs.empty()) {
    return;
  }
  out << "\n## Censorship\n";
  write_hosting(out, report.hosting);
  for (const CensorshipAnalysis& analysis : report.runs) {
    write_run(out, analysis);
  }
}

Json censorship_json(const CensorshipReport& report) {
  if (report.runs.empty()) {
    return nullptr;
  }
  Json json = {{"runs", Json::array()}, {"hosting", Json::array()}};
  for (const CensorshipAnalysis& analysis : report.runs) {
    json["runs"].push_back(to_json(analysis));
  }
  for (const HostingGap& gap : report.hosting) {
    json["hosting"].push_back({{"first_run", gap.first_run},
                               {"second_run", gap.second_run},
                               {"same_model", gap.same_model},
                               {"gap", to_json(gap.all)},
                               {"gap_control", to_json(gap.controls)},
                               {"host_denial", to_json(gap.host_denial)},
                               {"themes", to_json(gap.themes)}});
  }
  return json;
}

}  // namespace assay
