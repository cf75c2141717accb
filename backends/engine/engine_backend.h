// The provider `engine`: a checkpoint's folder answers prompts, in this process.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "backends/engine/chat_template.h"
#include "backends/engine/engine.h"
#include "backends/engine/tokenizer.h"
#include "harness/backend.h"
#include "harness/catalogue.h"

namespace assay::engine {

struct EngineSettings {
  std::string name;              // as on the command line
  std::filesystem::path folder;  // of the checkpoint
  EngineOptions engine;
  bool thinking = false;  // V3.1: ask for an answer with reasoning
};

// `engine:DIR`, or `engine:NAME` of a model in `bundled`/models. Options of --backend-option:
// threads, unit (plain, avx2, avx512, amx), activations (f32, bf16, bf16x2, bf16x3), chunk, batch,
// cache_mib, prefix_cache (on, off), thinking (on, off). Throws UserError that names what is wrong.
EngineSettings engine_settings(const ModelSpec& spec, const std::filesystem::path& bundled);

// A checkpoint with everything that turns text into its tokens and back.
// Thread rule: const functions from any thread.
class LanguageModel {
 public:
  // Throws UserError for a folder that cannot be loaded.
  explicit LanguageModel(const EngineSettings& settings);
  LanguageModel(const LanguageModel&) = delete;
  LanguageModel& operator=(const LanguageModel&) = delete;

  // Null where the folder has none: then only tokens can be asked.
  const Tokenizer* tokenizer() const { return tokenizer_.get(); }
  const ChatTemplate& chat_template() const { return template_; }
  Engine& engine() const { return *engine_; }
  const EngineSettings& settings() const { return settings_; }

  // The tokens of whichever form the prompt has. Throws UserError where the folder lacks what that
  // form needs.
  std::vector<int> tokens_of(const Prompt& prompt) const;
  // Of a plain text, with the token that begins texts where the model wants one.
  std::vector<int> tokens_of(const std::string& text) const;

  // A digest over the configuration, the tokenizer and samples of the weights.
  std::string fingerprint() const;

 private:
  const Tokenizer& needed_tokenizer() const;

  EngineSettings settings_;
  std::unique_ptr<Tokenizer> tokenizer_;
  ChatTemplate template_;
  std::unique_ptr<Engine> engine_;
};

// Collects the text of an answer token by token and finds where a stop sequence ends it.
class AnswerText {
 public:
  AnswerText(const Tokenizer* tokenizer, std::vector<std::string> stops);

  // False once a stop sequence is complete; the text ends before it. What is new and cannot become
  // part of a stop sequence any more is appended to `fresh`, where that is given.
  bool push(int token, std::string* fresh = nullptr);
  // The whole text, after the last token. What was held back is appended to `fresh`.
  std::string finish(std::string* fresh = nullptr);

 private:
  std::optional<TokenStream> stream_;
  std::vector<std::string> stops_;
  std::size_t longest_stop_ = 0;
  std::string text_;
  std::size_t handed_out_ = 0;
  bool stopped_ = false;
};

// What LanguageModel::engine() answered, as the harness knows it.
// `reasons`: the prompt has opened a <think> already.
Response response_of(const LanguageModel& model, TokenResult result, std::string text,
                     bool reasons);

class EngineBackend : public Backend {
 public:
  explicit EngineBackend(const EngineSettings& settings) : model_(settings) {}

  std::string identity() const override;
  void submit(Prompt prompt, std::function<void(Response)> done) override;

  // As submit, and `piece` sees the text as it grows, on the engine's thread.
  void submit(const Prompt& prompt, std::function<void(Response)> done,
              std::function<void(const std::string&)> piece);

  const LanguageModel& model() const { return model_; }

 private:
  LanguageModel model_;
};

}  // namespace assay::engine
