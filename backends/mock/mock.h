// Answers in this process, without a model: for trying things out and for tests. It says that it is
// a mock wherever it is named.
#pragma once

#include <functional>
#include <memory>
#include <string>

#include "backends/mock/answers.h"
#include "harness/backend.h"
#include "harness/catalogue.h"

namespace assay {

struct MockOptions {
  AnswerBookOptions answers;
  double latency_s = 0;     // 0: answers inside submit
  double failure_rate = 0;  // share of the requests that fail, by the seed
  std::string name;         // "echo", or a label
};

// `mock:` or `mock:LABEL` answers from --backend-option answers=FILE or text=TEXT; `mock:echo`
// answers with the prompt. Throws UserError.
MockOptions mock_options(const ModelSpec& spec);

class MockBackend : public Backend {
 public:
  explicit MockBackend(const MockOptions& options);
  ~MockBackend() override;
  MockBackend(const MockBackend&) = delete;
  MockBackend& operator=(const MockBackend&) = delete;

  std::string identity() const override;
  void submit(Prompt prompt, std::function<void(Response)> done) override;

 private:
  struct Timer;
  Response answer(const Prompt& prompt) const;

  MockOptions options_;
  AnswerBook book_;
  std::unique_ptr<Timer> timer_;  // only where there is latency
};

}  // namespace assay
