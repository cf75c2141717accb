// A judge model's second opinion: it labels the answers of an earlier run, and how far it agrees
// with the grader is what the report then says (Cohen's kappa).
#pragma once

#include <memory>
#include <string>

#include "harness/suite.h"

namespace assay::censorship {

// The suite censorship/second-opinion. `data` is RESULTS.db or RESULTS.db#RUN (a number or a name;
// otherwise the newest run of the suites censorship/*). A question is an answer of that run: its
// gold is the grader's label. Answers that failed or that the host withheld are left out: there is
// nothing to read.
// Throws MissingData for an empty `data`, UserError where there is no such file or run.
std::unique_ptr<Suite> make_second_opinion(const std::string& data);

// complete, evasive or denial: the last of these words in what a judge wrote, capital or small,
// as a word of its own. Empty: none.
std::string label_of_opinion(std::string_view text);

}  // namespace assay::censorship
