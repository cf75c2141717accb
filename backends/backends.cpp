#include "backends/backends.h"

#include <memory>
#include <string>

#include "backends/engine/engine_backend.h"
#include "backends/mock/mock.h"
#include "backends/openai/openai.h"
#include "backends/replay/replay.h"
#include "harness/data.h"

namespace assay {

void add_backends(Catalogue& catalogue, const std::string& results_file) {
  for (const Provider& provider : providers()) {
    catalogue.backends.push_back({.provider = std::string(provider.name),
                                  .summary = std::string(provider.summary),
                                  .make = [](const ModelSpec& spec) -> std::unique_ptr<Backend> {
                                    return std::make_unique<OpenAiBackend>(
                                        openai_options(spec, environment_variable));
                                  }});
  }
  catalogue.backends.push_back({.provider = "mock",
                                .summary = "no model: canned answers in this process",
                                .make = [](const ModelSpec& spec) -> std::unique_ptr<Backend> {
                                  return std::make_unique<MockBackend>(mock_options(spec));
                                }});
  catalogue.backends.push_back(
      {.provider = "replay",
       .summary = "answers of an earlier run (replay:RUN) or from a JSONL file",
       .make = [results_file](const ModelSpec& spec) { return make_replay(spec, results_file); }});
  catalogue.backends.push_back(
      {.provider = "engine",
       .summary = "a DeepSeek-V2/V3 checkpoint's folder, or tiny-moe, in this process",
       .make = [](const ModelSpec& spec) -> std::unique_ptr<Backend> {
         return std::make_unique<engine::EngineBackend>(
             engine::engine_settings(spec, DataFolder().bundled()));
       }});
}

}  // namespace assay
