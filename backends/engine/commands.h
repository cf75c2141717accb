// The bodies of `assay tokenize`, `assay logprobs` and `assay chat`: JSONL in, JSONL out, in the
// same order. A row's `id` is handed back as it came; a row that cannot be answered becomes
// {"line": n, "error": "..."}.
#pragma once

#include <istream>
#include <ostream>
#include <string>

#include "backends/engine/engine_backend.h"
#include "harness/prompt.h"

namespace assay::engine {

struct Rows {
  std::istream& in;
  std::string in_name;  // what messages call it
  std::ostream& out;
};

// {"text"} to {"ids"}, or with `decode` {"ids"} to {"text"}. Added tokens in the text are
// recognised and none is put before it. Returns the number of rows that failed.
std::size_t tokenize(const Tokenizer& tokenizer, bool decode, const Rows& rows);

// Rows in: `tokens` (ids), or `prompt` and `continuation` (texts), or `text`. Rows out: `tokens` as
// they were scored, and for each scored one `logprobs`, `best` (the most likely token there) and
// `best_logprobs`; `sum`, and `greedy`: every scored token is the best one. All tokens but the
// first are scored, of a continuation only its own. As lm-evaluation-harness does it, white space
// at the prompt's end goes to the continuation, and the continuation's tokens are those of the
// whole text beyond as many as the prompt alone has. Returns the number of rows that failed.
std::size_t logprobs(const LanguageModel& model, const Rows& rows);

struct ChatOptions {
  std::string system;  // empty: none
  Sampling sampling;
};

// A conversation: a line in, an answer out as it is written. "/reset" begins anew; ends with the
// input. Throws UserError where the model has no chat template.
void chat(EngineBackend& backend, const ChatOptions& options, std::istream& in, std::ostream& out);

}  // namespace assay::engine
