// Answers from an earlier run or from a file: to judge again without asking again.
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "harness/backend.h"
#include "harness/catalogue.h"

namespace assay {

// The answer that was given to this prompt and sample, if there is one. Re-entrant. Whatever calls
// it through ReplayBackend does so from one thread at a time.
using ReplayLookup = std::function<std::optional<Response>(const Prompt&)>;

class ReplayBackend : public Backend {
 public:
  // `source` says where the answers come from, for identity().
  ReplayBackend(std::string source, ReplayLookup lookup);

  std::string identity() const override;

  // Answers inside the call. A prompt without an answer is a failure of the kind refused_input.
  void submit(Prompt prompt, std::function<void(Response)> done) override;

 private:
  std::string source_;
  ReplayLookup lookup_;
};

// A JSONL file with an answer a row: "response" (or "answer", "text"), and as it likes "prompt"
// (the text) or "messages" (the chat), "reasoning", "finish", "sample_index". Several rows for one
// prompt are its samples in order, unless "sample_index" says otherwise; a sample beyond the last
// has no answer. Throws UserError that names the file and line.
ReplayLookup replay_file(const std::string& path);

// The answers of a run in a results file, looked up by what was sent: the prompt's text (not its
// sampling) and the sample's index. `run` as Reader::run takes it. Timings and tokens come along:
// they are the earlier run's. Opens the file for as long as the lookup lives. Throws UserError.
ReplayLookup replay_run(const std::string& results_file, const std::string& run);

// `replay:FILE` where there is such a file; otherwise `replay:RUN` of --backend-option db=FILE, or
// of `results_file`. Throws UserError.
std::unique_ptr<Backend> make_replay(const ModelSpec& spec, const std::string& results_file);

}  // namespace assay
