// `assay generate`: answers for a file of prompts through any backend, JSONL in, JSONL out, in the
// same order.
#pragma once

#include <cstddef>
#include <istream>
#include <ostream>
#include <string>

#include "harness/backend.h"
#include "harness/progress.h"

namespace assay {

// Rows in: one of `prompt` (text), `messages` ([{role, content}]) and `tokens` (ids), and, for this
// row only, `temperature`, `top_p`, `top_k`, `max_tokens`, `stop`, `seed`, `sample_index`; an `id`
// is handed back as it came. Rows out: `text`, `reasoning` and `tokens` where there are any,
// `finish`, `usage`, `latency_s`, `ttft_s`, `logprobs`, `details`; or `failure` and `error`. A row
// that cannot be asked becomes {"line": n, "error": "..."}.
struct GenerateSpec {
  Backend* backend = nullptr;
  std::string model;
  Sampling sampling;
  std::size_t in_flight_max = 64;
  std::string in_name = "standard input";  // what messages call the input
  std::size_t skip = 0;        // rows that the output has already: the first so many are not asked
  std::size_t rows_total = 0;  // for the progress line; 0: unknown
  int failures_in_a_row_max = 32;  // then no further requests are sent, and those failures are not
                                   // written, so that the same command tries them again
};

// Writes as answers come in, in the order of the input; memory does not depend on the number of
// rows.
RunState generate(const GenerateSpec& spec, std::istream& in, std::ostream& out,
                  Progress& progress);

// How many whole rows an output file has. Cuts a last row that is not whole. Throws UserError where
// a row is no JSON object: then it is not an output of `generate`. A file that does not exist has
// none.
std::size_t continue_output(const std::string& path);

// The number of rows (lines that are not blank) of a file; 0 where it cannot be read.
std::size_t count_rows(const std::string& path);

}  // namespace assay
