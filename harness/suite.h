// What is asked and how it is judged.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "harness/prompt.h"
#include "harness/response.h"

namespace assay {

struct Question {
  std::string id;                             // unique within its suite, the same every time
  std::string text;                           // as a person would read it
  std::string gold;                           // the reference answer; may be empty
  std::map<std::string, std::string> fields;  // what this suite's prompt and grader need
  std::map<std::string, std::string> tags;    // what reports group by: level, language, theme
};

// The same answer read by another convention; kept beside the verdict, never mixed into the score.
struct Reading {
  std::string convention;  // "lm-eval-strict"
  std::optional<double> value;
  std::string extracted;
};

struct Verdict {
  std::optional<double>
      value;          // 0 wrong .. 1 right; empty: not scored (failed request, undecided, no gold)
  std::string label;  // what kind of verdict: "correct", "wrong", "timed out", "denial"
  std::string extracted;  // the answer as found in the text; empty: none found
  std::string vote;       // equal for equivalent answers: what cons@k counts; empty: no vote
  std::string reason;     // one line: what decided
  std::vector<Reading> readings;
  std::string details;  // facts only this grader knows, a JSON object as text; may be empty
};

// Thread rule: const and re-entrant; many threads grade at once.
// Never throws on what a model wrote: whatever the text is, the result is a verdict.
// Called only for responses that are answers (finish is not failed).
class Grader {
 public:
  virtual ~Grader() = default;
  virtual Verdict grade(const Question& question, const Response& response) const = 0;
};

struct SuiteInfo {
  std::string name;        // "math/gsm8k"
  int version = 1;         // raised whenever a prompt, a question or a rule of judging changes
  std::string prompt;      // the prompt template's name, "zero-shot-chat"
  std::string convention;  // the primary convention of judging, "openai-gsm8k"
  std::string summary;     // one line for `assay list suites`
  Sampling sampling;       // what the suite asks for; flags override it
  int samples = 1;         // k
};

// Thread rule: const and re-entrant once constructed. Construction may read files and throws
// UserError where the data is missing (the text says how to get it).
class Suite {
 public:
  virtual ~Suite() = default;
  virtual const SuiteInfo& info() const = 0;
  virtual std::vector<Question> questions() const = 0;  // the same order every time
  virtual Prompt prompt(
      const Question& question) const = 0;  // pure; sampling is filled in by the run
  virtual const Grader& grader() const = 0;
};

}  // namespace assay
