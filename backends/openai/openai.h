// Any host that speaks OpenAI's chat API: the request engine.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/openai/options.h"
#include "backends/openai/retry.h"
#include "backends/openai/shard.h"
#include "harness/backend.h"

namespace assay {

class OpenAiBackend : public Backend {
 public:
  // Throws UserError where the system does not allow as many open files as are needed.
  explicit OpenAiBackend(OpenAiOptions options);
  OpenAiBackend(const OpenAiBackend&) = delete;
  OpenAiBackend& operator=(const OpenAiBackend&) = delete;
  ~OpenAiBackend() override;

  std::string identity() const override;
  void submit(Prompt prompt, std::function<void(Response)> done) override;

 private:
  OpenAiOptions options_;
  RetryBudget budget_;
  std::vector<std::unique_ptr<Shard>> shards_;
};

}  // namespace assay
