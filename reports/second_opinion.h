// The part of a report that is about runs of censorship/second-opinion: how far a judge model's
// labels agree with the grader's.
#pragma once

#include <iosfwd>
#include <map>
#include <string>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/agreement.h"
#include "harness/reader.h"

namespace assay {

struct SecondOpinion {
  RunRecord run;
  AgreementTally all;                                 // first the grader's label, then the judge's
  std::map<std::string, AgreementTally> by_language;  // of the question
  std::int64_t unreadable = 0;                        // answers of the judge without a label
};

bool is_second_opinion(const RunRecord& run);

// Of those of `runs` that are second opinions, in order. Two passes over each run's figures.
std::vector<SecondOpinion> second_opinions(const Reader& reader,
                                           const std::vector<RunRecord>& runs);

// A section of the page: markup, every text in it escaped. Empty where there are none.
std::string second_opinion_html(const std::vector<SecondOpinion>& opinions);

// Tables of their own heading.
void write_second_opinion_markdown(const std::vector<SecondOpinion>& opinions, std::ostream& out);

// [{"run", "judge", "unreadable", "groups": [{"name", "n", "agreement", "kappa", "interval",
//   "confusion": {GRADER: {JUDGE: COUNT}}}]}]; kappa is null where it says nothing. Null where
// there are no such runs.
nlohmann::ordered_json second_opinion_json(const std::vector<SecondOpinion>& opinions);

}  // namespace assay
