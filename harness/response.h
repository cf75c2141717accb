// What came back: an answer, or a failure with its kind. A failure is a value, never an exception.
#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace assay {

enum class Finish {
  stop,            // the model ended its answer, or a stop sequence did
  length,          // max_tokens, or the context, ended it
  content_filter,  // the host cut it or withheld it
  failed,          // no answer: see Response::failure
};

// What a request can die of. Each kind has one right reaction.
enum class Failure {
  none,
  failed,         // broken answer or server error: tried again, then reported
  overloaded,     // 429, 503, 529: back off, for as long as the server asks
  disconnected,   // no connection, cut in mid-answer, or timed out: connect again
  refused_input,  // 400, 401, 404, 413, 422 ...: trying again cannot help
};

struct Usage {
  std::optional<int> prompt_tokens;
  std::optional<int> completion_tokens;  // reasoning included
  std::optional<int> reasoning_tokens;
  std::optional<int> cached_tokens;  // of the prompt, served from the host's cache
};

// All in seconds on a steady clock. Those that were not observed are empty, never zero.
struct Timings {
  double latency_s = 0;          // of the attempt that answered: request sent to last byte
  double waited_s = 0;           // before that attempt: earlier attempts and back-off
  std::optional<double> ttft_s;  // to the first token of any kind (streaming only)
  std::optional<double>
      first_answer_s;  // to the first token that is not reasoning (streaming only)
  int attempts = 1;
};

struct TokenLogprob {
  std::string token;
  double logprob = 0;  // natural logarithm
  std::vector<std::pair<std::string, double>> top;
};

struct Response {
  std::string text;       // the answer, without reasoning
  std::string reasoning;  // reasoning_content, or what stood between <think> tags; may be empty
  Finish finish = Finish::failed;
  Failure failure = Failure::none;  // none unless finish is failed
  std::string error;                // one line where failure is not none; the words of the host
                                    // that withheld an answer where finish is content_filter
  int http_status = 0;              // of the last attempt; 0 where there was none
  Usage usage;
  Timings timings;
  std::string served_model;  // as the host names it; may differ from what was asked for
  std::vector<int> tokens;   // ids of the answer, where the backend knows them
  std::vector<TokenLogprob> logprobs;
  std::string details;  // facts only this backend knows, a JSON object as text; may be empty
};

}  // namespace assay
