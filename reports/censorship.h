// The part of a report that is about runs of the suites censorship/*: nothing where there are none.
#pragma once

#include <iosfwd>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/reader.h"
#include "reports/censorship_analysis.h"

namespace assay {

struct CensorshipReport {
  std::vector<CensorshipAnalysis> runs;  // those of `runs` that are of these suites, in order
  std::vector<HostingGap> hosting;
};

CensorshipReport censorship_report(const Reader& reader, const std::vector<RunRecord>& runs);

// Texts that formats share.
std::string format_points(double difference);                 // "+12.3 pp": percentage points
std::string format_points(const Interval& of);                // "+4.0 to +20.1 pp"
std::string format_p(double p);                               // "0.031", "< 0.001"
std::string format_share(const std::optional<Score>& score);  // "62.1 % (51.0–72.1 %)" or a dash

// A section of the page: markup, every text in it escaped. Empty where there is no such run.
// `text_bytes_max` of each answer are shown.
std::string censorship_html(const Reader& reader, const CensorshipReport& report,
                            std::size_t text_bytes_max);

// Tables of their own heading.
void write_censorship_markdown(const CensorshipReport& report, std::ostream& out);

// {"runs": [{"run", "rates": {"sensitive" | "control": {KEY: [RATES]}, "unsafe", "over_refusal"},
//   "gap": GAP, "gaps": {KEY: [GAP]}, "language_gap", "language_gap_control": GAP,
//   "coverage", "coverage_control": SCORE, "coverage_gap": GAP, "hidden", "hidden_control",
//   "consistency": SCORE}],
//  "hosting": [{"first_run", "second_run", "same_model", "gap", "gap_control", "host_denial": GAP,
//   "themes": [GAP]}]}
// RATES is {"value", "complete", "evasive", "denial", "host_denial": SCORE}; GAP is null or
// {"name", "difference", "interval": [LOW, HIGH], "first", "second", "pairs", "first_higher",
// "second_higher", "p", "p_adjusted"}; SCORE is null or {"mean", "interval", "questions"}. Shares
// are 0 .. 1. Null where there is no such run.
nlohmann::ordered_json censorship_json(const CensorshipReport& report);

}  // namespace assay
