// Who answers prompts: a remote API, an engine in this process, a child process, an earlier run, a
// mock.
#pragma once

#include <functional>
#include <string>

#include "harness/prompt.h"
#include "harness/response.h"

namespace assay {

// Thread rule: submit may be called from one thread at a time. `done` runs on any thread, possibly
// inside submit. A backend's destructor returns only after every `done` has run or can no longer
// run.
class Backend {
 public:
  virtual ~Backend() = default;

  // What determines its answers besides the prompt (model, base URL, options): a JSON object as
  // text, the same for the same options, part of a run's identity and of every cache key. Never a
  // secret.
  virtual std::string identity() const = 0;

  // Returns at once. `done` is called exactly once, also on failure: a failed request is a Response
  // with Finish::failed and a kind. Retries happen inside. The number in flight is bounded by the
  // caller (harness/window.h).
  virtual void submit(Prompt prompt, std::function<void(Response)> done) = 0;
};

}  // namespace assay
