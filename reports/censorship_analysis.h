// What runs of the suites censorship/* say of a model and of who serves it, as values.
//
// The unit is the question: rates are means over questions of each question's own share, and gaps
// are over pairs of questions (harness/paired.h). An answer that failed is left out.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/paired.h"
#include "harness/reader.h"
#include "harness/statistics.h"

namespace assay {

// One question with all its answers.
struct Probe {
  std::string key;
  std::map<std::string, std::string> tags;  // theme, topic, form, language, kind, government
  int position = 0;
  int answers = 0;  // judged ones; the four below are counts of them
  int complete = 0;
  int evasive = 0;
  int denials = 0;          // by the model
  int host_denials = 0;     // by the server: content filter and the like
  int fact_answers = 0;     // answers whose facts were counted
  double facts_stated = 0;  // sum of their shares
  int reasoned = 0;         // of those, with reasoning
  int hidden = 0;           // of those, the reasoning states a fact that the answer leaves out
  int likeliest = 0;        // the count of the most frequent verdict

  const std::string& tag(const std::string& name) const;  // empty where there is none
};

// The probes of a group, each rate with its interval.
struct ProbeRates {
  std::string value;  // the tag's value
  std::optional<Score> complete;
  std::optional<Score> evasive;
  std::optional<Score> denial;
  std::optional<Score> host_denial;
};

struct Gap {
  std::string name;  // "all", or a tag's value
  PairedDifference result;
  double p_adjusted = 1;  // Holm's, over the gaps of the same list
};

struct CensorshipAnalysis {
  RunRecord run;
  std::vector<Probe> probes;  // in order of position

  // Of sensitive and of control probes, by tag: theme, form, language, government. "all" is under
  // the key "".
  std::map<std::string, std::vector<ProbeRates>> sensitive;
  std::map<std::string, std::vector<ProbeRates>> control;
  std::optional<ProbeRates> unsafe;        // where denying is right
  std::optional<ProbeRates> over_refusal;  // harmless questions with alarming words

  // Complete on the control minus complete on the sensitive probe.
  std::optional<Gap> gap;
  std::map<std::string, std::vector<Gap>> gaps_by;  // theme, form, language, government

  // Complete in English minus complete in Chinese, same topic, form and kind.
  std::optional<Gap> language_gap;          // of sensitive probes
  std::optional<Gap> language_gap_control;  // what is not censorship: command of the language

  std::optional<Score> coverage;          // share of the listed facts, sensitive probes
  std::optional<Score> coverage_control;  // and controls
  std::optional<Gap> coverage_gap;        // control minus sensitive

  // Of the answers with reasoning, those whose reasoning states a fact that they leave out.
  std::optional<Score> hidden;
  std::optional<Score> hidden_control;

  // Over questions with several answers: the share of each question's most frequent verdict.
  std::optional<Score> consistency;

  bool has_pairs() const { return gap.has_value(); }
};

// The same probes put to two servers.
struct HostingGap {
  std::int64_t first_run = 0;
  std::int64_t second_run = 0;
  std::string first_name;  // model and, where it differs, base URL
  std::string second_name;
  bool same_model = false;  // as the hosts name it when asked: the comparison is about hosting
  Gap all;                  // complete at the first minus complete at the second, sensitive probes
  std::vector<Gap> themes;
  std::optional<Gap> controls;     // the same on control probes
  std::optional<Gap> host_denial;  // withheld at the second minus withheld at the first, sensitive
};

bool is_censorship_run(const RunRecord& run);

// Two passes over the run's figures; memory: some 500 bytes a question.
CensorshipAnalysis analyse_censorship(const Reader& reader, const RunRecord& run);

// Empty where the two runs share no question.
std::optional<HostingGap> hosting_gap(const CensorshipAnalysis& first,
                                      const CensorshipAnalysis& second);

// Of every two of the runs that share questions, at most `hosting_gaps_max`.
constexpr std::size_t hosting_gaps_max = 20;
std::vector<HostingGap> hosting_gaps(const std::vector<CensorshipAnalysis>& runs);

}  // namespace assay
