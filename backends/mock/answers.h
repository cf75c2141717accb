// The answers that a mock gives: one fixed text, the prompt itself, or a file of answers.
#pragma once

#include <atomic>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace assay {

struct CannedAnswer {
  std::string text;
  std::string reasoning;
  bool withheld = false;  // finishes as content_filter, as a filtering host would have it
};

struct AnswerBookOptions {
  std::string file;        // JSONL; empty: none
  std::string text;        // where the file has nothing; empty: a sentence that says it is a mock
  bool echo = false;       // the prompt is the answer
  double accuracy = 1;     // share of the prompts that get `answer`; the others get `wrong`
  std::uint64_t seed = 0;  // decides which
};

// A row of the file is {"answer": ...} with, as it likes, "reasoning", "wrong", "finish" ("stop" or
// "content_filter"), and one of "prompt" (the whole text of the prompt or of its last message) and
// "contains" (a piece of it). Rows with neither are given in turn to prompts that no other row
// fits. The first fitting row counts. Thread rule: lookup is const and re-entrant.
class AnswerBook {
 public:
  // Throws UserError that names the file and line.
  explicit AnswerBook(const AnswerBookOptions& options);

  // `draw` is what tells samples of one prompt apart.
  CannedAnswer lookup(std::string_view prompt, std::uint64_t draw) const;

 private:
  struct Row {
    std::string contains;
    CannedAnswer right;
    std::string wrong;
  };
  const Row* find(std::string_view prompt) const;

  AnswerBookOptions options_;
  std::unordered_map<std::string, Row> exact_;
  std::vector<Row> pieces_;
  std::vector<Row> in_turn_;
  mutable std::atomic<size_t> turn_{0};
};

// A 64-bit hash that is the same on every machine (FNV-1a with a final mix).
std::uint64_t stable_hash(std::string_view text, std::uint64_t seed);

// The same bits as a number in [0, 1).
double unit_interval(std::uint64_t hash);

}  // namespace assay
