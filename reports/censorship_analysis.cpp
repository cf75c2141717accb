#include "reports/censorship_analysis.h"

#include <algorithm>
#include <functional>
#include <unordered_map>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "reports/readings.h"
#include "reports/second_opinion.h"

namespace assay {

namespace {

const char* const group_keys[] = {"theme", "form", "language", "government"};
constexpr std::size_t groups_max = 200;  // values of one key

double share(int count, int of) {
  return static_cast<double>(count) / of;
}

bool is_kind(const Probe& probe, const char* kind) {
  return probe.answers > 0 && probe.tag("kind") == kind;
}

// Counts a question's answers as they come.
class ProbeTally {
 public:
  explicit ProbeTally(std::vector<Probe>& probes) : probes_(probes) {}

  void add(const SampleFigures& sample) {
    const auto at = static_cast<std::size_t>(sample.position);
    // A run that goes on while it is read may have questions that were not there before.
    if (sample.finish == Finish::failed || at >= probes_.size()) {
      return;
    }
    Probe& probe = probes_[at];
    if (!count_verdict(sample.label, probe)) {
      return;
    }
    ++probe.answers;
    probe.likeliest = std::max({probe.complete, probe.evasive, probe.denials, probe.host_denials});
    for_each_reading(sample.readings_json, [&](std::string_view name, std::optional<double> value) {
      if (value && name == "fact coverage") {
        ++probe.fact_answers;
        probe.facts_stated += *value;
      } else if (value && name == "hidden in reasoning") {
        ++probe.reasoned;
        probe.hidden += *value >= 1 ? 1 : 0;
      }
    });
  }

 private:
  static bool count_verdict(std::string_view label, Probe& probe) {
    int* count = label == "complete"      ? &probe.complete
                 : label == "evasive"     ? &probe.evasive
                 : label == "denial"      ? &probe.denials
                 : label == "host denial" ? &probe.host_denials
                                          : nullptr;
    if (count == nullptr) {
      return false;
    }
    ++*count;
    return true;
  }

  std::vector<Probe>& probes_;
};

ProbeRates rates_of(const std::string& value, const std::vector<const Probe*>& probes) {
  const auto rate = [&](int Probe::*count) {
    ScoreTally tally;
    for (const Probe* probe : probes) {
      tally.add(share(probe->*count, probe->answers), probe->answers);
    }
    return tally.score();
  };
  return {.value = value,
          .complete = rate(&Probe::complete),
          .evasive = rate(&Probe::evasive),
          .denial = rate(&Probe::denials),
          .host_denial = rate(&Probe::host_denials)};
}

std::vector<const Probe*> of_kind(const std::vector<Probe>& probes, const char* kind) {
  std::vector<const Probe*> found;
  for (const Probe& probe : probes) {
    if (is_kind(probe, kind)) {
      found.push_back(&probe);
    }
  }
  return found;
}

std::map<std::string, std::vector<ProbeRates>> rates_by(const std::vector<Probe>& probes,
                                                        const char* kind) {
  std::map<std::string, std::vector<ProbeRates>> rates;
  const std::vector<const Probe*> all = of_kind(probes, kind);
  if (all.empty()) {
    return rates;
  }
  rates[""].push_back(rates_of("all", all));
  for (const char* key : group_keys) {
    std::map<std::string, std::vector<const Probe*>> groups;
    for (const Probe* probe : all) {
      const std::string& value = probe->tag(key);
      if (!value.empty() && (groups.size() < groups_max || groups.contains(value))) {
        groups[value].push_back(probe);
      }
    }
    for (const auto& [value, members] : groups) {
      rates[key].push_back(rates_of(value, members));
    }
  }
  return rates;
}

std::optional<ProbeRates> rates_of_kind(const std::vector<Probe>& probes, const char* kind) {
  const std::vector<const Probe*> all = of_kind(probes, kind);
  return all.empty() ? std::nullopt : std::make_optional(rates_of(kind, all));
}

// Two probes whose difference is of interest.
struct Pair {
  const Probe* first = nullptr;
  const Probe* second = nullptr;
};

// What a probe is worth in a comparison; empty: left out.
using Value = std::function<std::optional<double>(const Probe&)>;

std::optional<double> completeness(const Probe& probe) {
  return probe.answers > 0 ? std::make_optional(share(probe.complete, probe.answers))
                           : std::nullopt;
}

std::optional<double> coverage(const Probe& probe) {
  return probe.fact_answers > 0 ? std::make_optional(probe.facts_stated / probe.fact_answers)
                                : std::nullopt;
}

std::optional<Gap> gap_of(const std::string& name, const std::vector<Pair>& pairs,
                          const Value& value) {
  PairTally tally;
  for (const Pair& pair : pairs) {
    const std::optional<double> first = value(*pair.first);
    const std::optional<double> second = value(*pair.second);
    if (first && second) {
      tally.add(*first, *second, std::min(pair.first->answers, pair.second->answers));
    }
  }
  const std::optional<PairedDifference> difference = tally.difference();
  return difference ? std::make_optional(Gap{name, *difference, difference->p}) : std::nullopt;
}

std::vector<Gap> gaps_by(const std::string& key, const std::vector<Pair>& pairs,
                         const Value& value) {
  std::map<std::string, std::vector<Pair>> groups;
  for (const Pair& pair : pairs) {
    const std::string& name = pair.first->tag(key);
    if (!name.empty() && (groups.size() < groups_max || groups.contains(name))) {
      groups[name].push_back(pair);
    }
  }
  std::vector<Gap> gaps;
  std::vector<double> p;
  for (const auto& [name, members] : groups) {
    if (const std::optional<Gap> gap = gap_of(name, members, value)) {
      gaps.push_back(*gap);
      p.push_back(gap->result.p);
    }
  }
  const std::vector<double> adjusted = holm_adjusted(p);
  for (std::size_t i = 0; i < gaps.size(); ++i) {
    gaps[i].p_adjusted = adjusted[i];
  }
  return gaps;
}

// Joins each probe that `is_first` with the one that `is_second` and has the same value of all
// `keys`.
std::vector<Pair> paired(const std::vector<Probe>& probes, const std::vector<const char*>& keys,
                         const std::function<bool(const Probe&)>& is_first,
                         const std::function<bool(const Probe&)>& is_second) {
  const auto place_of = [&](const Probe& probe) {
    std::string place;
    for (const char* key : keys) {
      place += probe.tag(key) + '\0';
    }
    return place;
  };
  std::unordered_map<std::string, const Probe*> seconds;
  for (const Probe& probe : probes) {
    if (is_second(probe)) {
      seconds.emplace(place_of(probe), &probe);
    }
  }
  std::vector<Pair> pairs;
  for (const Probe& probe : probes) {
    if (!is_first(probe) || probe.tag("topic").empty()) {
      continue;
    }
    if (const auto found = seconds.find(place_of(probe)); found != seconds.end()) {
      pairs.push_back({&probe, found->second});
    }
  }
  return pairs;
}

std::optional<Gap> gap_of_languages(const std::vector<Probe>& probes, const char* kind) {
  const auto in = [kind](const char* language) {
    return [kind, language](const Probe& probe) {
      return is_kind(probe, kind) && probe.tag("language") == language;
    };
  };
  return gap_of("English minus Chinese", paired(probes, {"topic", "form"}, in("en"), in("zh")),
                completeness);
}

// The mean over probes of that kind, of those that have a value.
std::optional<Score> mean_of(const std::vector<Probe>& probes, const char* kind,
                             int Probe::*answers, const Value& value) {
  ScoreTally tally;
  for (const Probe& probe : probes) {
    if (kind != nullptr && !is_kind(probe, kind)) {
      continue;
    }
    if (const std::optional<double> mean = value(probe); mean && probe.*answers > 0) {
      tally.add(*mean, probe.*answers);
    }
  }
  return tally.score();
}

std::optional<double> hidden_share(const Probe& probe) {
  return probe.reasoned > 0 ? std::make_optional(share(probe.hidden, probe.reasoned))
                            : std::nullopt;
}

std::optional<double> agreement(const Probe& probe) {
  return probe.answers > 1 ? std::make_optional(share(probe.likeliest, probe.answers))
                           : std::nullopt;
}

std::string field_of(const std::string& json_text, const char* name) {
  const nlohmann::json json = nlohmann::json::parse(json_text, nullptr, false);
  const auto found = json.is_object() ? json.find(name) : json.end();
  return json.is_object() && found != json.end() && found->is_string() ? found->get<std::string>()
                                                                       : "";
}

std::string name_of(const CensorshipAnalysis& analysis) {
  const std::string address = field_of(analysis.run.backend_json, "base_url");
  return address.empty() ? analysis.run.model
                         : fmt::format("{} at {}", analysis.run.model, address);
}

std::string model_name(const std::string& model) {
  return model.substr(model.find(':') + 1);
}

}  // namespace

const std::string& Probe::tag(const std::string& name) const {
  static const std::string none;
  const auto found = tags.find(name);
  return found == tags.end() ? none : found->second;
}

bool is_censorship_run(const RunRecord& run) {
  return run.suite.starts_with("censorship/") && !is_second_opinion(run);
}

CensorshipAnalysis analyse_censorship(const Reader& reader, const RunRecord& run) {
  CensorshipAnalysis result;
  result.run = run;
  std::vector<Probe>& probes = result.probes;
  reader.for_each_question(run.id, [&](int position, const QuestionRecord& question) {
    const auto at = static_cast<std::size_t>(position);
    probes.resize(std::max(probes.size(), at + 1));
    probes[at] = {.key = question.key, .tags = question.tags, .position = position};
  });
  ProbeTally tally(probes);
  reader.for_each_figures(run.id, true, [&](const SampleFigures& sample) { tally.add(sample); });

  result.sensitive = rates_by(probes, "sensitive");
  result.control = rates_by(probes, "control");
  result.unsafe = rates_of_kind(probes, "unsafe");
  result.over_refusal = rates_of_kind(probes, "over-refusal");
  const auto is = [](const char* kind) {
    return [kind](const Probe& probe) { return is_kind(probe, kind); };
  };
  const std::vector<Pair> pairs =
      paired(probes, {"topic", "form", "language"}, is("control"), is("sensitive"));
  result.gap = gap_of("all", pairs, completeness);
  for (const char* key : group_keys) {
    if (std::vector<Gap> gaps = gaps_by(key, pairs, completeness); !gaps.empty()) {
      result.gaps_by[key] = std::move(gaps);
    }
  }
  result.language_gap = gap_of_languages(probes, "sensitive");
  result.language_gap_control = gap_of_languages(probes, "control");
  result.coverage = mean_of(probes, "sensitive", &Probe::fact_answers, coverage);
  result.coverage_control = mean_of(probes, "control", &Probe::fact_answers, coverage);
  result.coverage_gap = gap_of("facts", pairs, coverage);
  result.hidden = mean_of(probes, "sensitive", &Probe::reasoned, hidden_share);
  result.hidden_control = mean_of(probes, "control", &Probe::reasoned, hidden_share);
  result.consistency = mean_of(probes, nullptr, &Probe::answers, agreement);
  return result;
}

std::optional<HostingGap> hosting_gap(const CensorshipAnalysis& first,
                                      const CensorshipAnalysis& second) {
  std::unordered_map<std::string, const Probe*> there;
  for (const Probe& probe : second.probes) {
    there.emplace(probe.key, &probe);
  }
  std::vector<Pair> sensitive;
  std::vector<Pair> control;
  for (const Probe& probe : first.probes) {
    const auto found = there.find(probe.key);
    if (found == there.end() || found->second->tags != probe.tags) {
      continue;
    }
    if (is_kind(probe, "sensitive") || is_kind(probe, "control")) {
      (is_kind(probe, "control") ? control : sensitive).push_back({&probe, found->second});
    }
  }
  const std::optional<Gap> all = gap_of("all", sensitive, completeness);
  if (first.run.suite != second.run.suite || !all) {
    return std::nullopt;
  }
  HostingGap gap{.first_run = first.run.id,
                 .second_run = second.run.id,
                 .first_name = name_of(first),
                 .second_name = name_of(second),
                 .same_model = model_name(first.run.model) == model_name(second.run.model),
                 .all = *all,
                 .themes = gaps_by("theme", sensitive, completeness),
                 .controls = gap_of("controls", control, completeness)};
  for (Pair& pair : sensitive) {
    std::swap(pair.first, pair.second);
  }
  gap.host_denial = gap_of("withheld by the host", sensitive, [](const Probe& probe) {
    return probe.answers > 0 ? std::make_optional(share(probe.host_denials, probe.answers))
                             : std::nullopt;
  });
  return gap;
}

std::vector<HostingGap> hosting_gaps(const std::vector<CensorshipAnalysis>& runs) {
  std::vector<HostingGap> gaps;
  for (std::size_t i = 0; i < runs.size(); ++i) {
    for (std::size_t j = i + 1; j < runs.size() && gaps.size() < hosting_gaps_max; ++j) {
      if (const std::optional<HostingGap> gap = hosting_gap(runs[i], runs[j])) {
        gaps.push_back(*gap);
      }
    }
  }
  return gaps;
}

}  // namespace assay
