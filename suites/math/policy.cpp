#include "suites/math/policy.h"

#include <array>

#include <fmt/core.h>

#include "harness/error.h"

namespace assay::math {
namespace {

// The table. A row says only where it departs from the defaults of policy.h; a row that compares
// strings has its rules in equivalence_strings.h and none of the fields behind its method.
const std::array<Policy, 9>& table() {
  static const std::array<Policy, 9> rows = {{
      {.name = "strict",
       .summary = "mathematical equality: a percent sign and decimals mean what they say"},
      {.name = "math-verify",
       .summary = "Math-Verify: 10 % is 10 or 0.1, degrees and units fall away, decimals round to "
                  "6 places",
       .percent = Percent::either,
       .units = Units::dropped,
       .relations = Relations::gold_is_relation,
       .parentheses_optional = true,
       .vector_is_point = false,
       .degrees = Degrees::dropped,
       .base_optional = true,
       .decimal_comma = false,
       .unit_stripping_fault = true,
       .prose = true,
       .decimal_places = 6},
      {.name = "prm800k",
       .summary = "OpenAI's PRM800K grader: fractions reduced, integers literal, order matters",
       .method = Method::prm800k},
      {.name = "hendrycks",
       .summary = "hendrycks/math: equal strings after normalisation, order matters",
       .method = Method::hendrycks},
      {.name = "minerva",
       .summary =
           "Minerva as in lm-evaluation-harness: equal strings after normalisation, or equal "
           "formulas; order matters",
       .method = Method::minerva},
      {.name = "boxed",
       .summary = "what is in the box, judged as a teacher would: units, degrees and percent signs "
                  "may be missing",
       .percent = Percent::either,
       .base_optional = true,
       .log_may_be_natural = true},
      {.name = "simple-evals",
       .summary = "simple-evals' equality template: trivial simplifications only, benefit of the "
                  "doubt for units",
       .percent = Percent::fraction,
       .unreduced_fractions = false},
      {.name = "mlperf-r1",
       .summary = "MLPerf's DeepSeek-R1 gate: the PRM800K grader",
       .method = Method::prm800k},
      {.name = "olympiadbench",
       .summary =
           "OlympiadBench: numbers within an absolute tolerance (1e-8 unless the answer says more)",
       .percent = Percent::fraction,
       .tolerance = {1e-8}},
  }};
  return rows;
}

}  // namespace

std::span<const Policy> policies() {
  return table();
}

const Policy& policy(std::string_view name) {
  std::string names;
  for (const Policy& row : table()) {
    if (row.name == name) return row;
    if (!names.empty()) names += ", ";
    names += row.name;
  }
  throw UserError(fmt::format("--policy: '{}' is not one of {}", name, names));
}

}  // namespace assay::math
