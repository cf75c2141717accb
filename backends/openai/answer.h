// Puts an answer together from what the host sends: one JSON object, or a stream of chunks.
// Whatever arrives, the result is an answer or a failure with a reason, never an exception, and a
// text that was cut off is never taken for an answer.
#pragma once

#include <string>
#include <string_view>

#include "backends/openai/failures.h"
#include "harness/response.h"

namespace assay {

struct AnswerForm {
  bool chat = true;         // the endpoint that was asked
  bool split_think = true;  // <think>...</think> in a chat's text is reasoning
};

// reset (whole | event*) finish. One thread at a time; meant to be used again and again.
class AnswerReader {
 public:
  void reset(const AnswerForm& form);

  // The body of an answer that is not streamed.
  void whole(std::string_view json);

  // The data of one server-sent event, and the seconds since the request was sent.
  void event(std::string_view data, double at_s);

  // [DONE] was seen, or something that ends it: nothing further matters.
  bool ended() const { return done_ || troubled_; }

  // Fills text, reasoning, finish, usage, logprobs, served_model, ttft_s and first_answer_s; or
  // finish, failure and error. True: the answer is complete. False: it is not, and `trouble` says
  // what that means.
  bool finish(Response& response, Trouble& trouble);

 private:
  struct Json;  // what reads the parsed values; keeps their header out of this one
  friend struct Json;

  void fail(Failure kind, std::string_view message);
  void note_content(double at_s);
  void split_reasoning();

  AnswerForm form_;
  Response response_;
  Trouble trouble_;
  std::string finish_reason_;
  bool troubled_ = false;
  bool done_ = false;
  bool streamed_ = false;
  bool has_choice_ = false;  // a choice with a text, be it empty
  bool has_finish_ = false;
  size_t think_scanned_ = 0;  // of the text: no end of thinking before this
};

}  // namespace assay
