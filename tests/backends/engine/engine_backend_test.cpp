#include "backends/engine/engine_backend.h"

#include <future>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/backends/engine/model_folder.h"
#include "tests/catch.h"

namespace assay::engine {

namespace {

EngineSettings settings_of(const ModelFolder& folder,
                           std::vector<std::pair<std::string, std::string>> options = {}) {
  ModelSpec spec{.provider = "engine", .name = folder.path().string()};
  spec.options = std::move(options);
  spec.options.emplace_back("cache_mib", "16");
  return engine_settings(spec, "/nowhere");
}

Response answer(Backend& backend, Prompt prompt) {
  std::promise<Response> response;
  backend.submit(std::move(prompt), [&](Response r) { response.set_value(std::move(r)); });
  return response.get_future().get();
}

}  // namespace

TEST_CASE("a folder answers messages, text and tokens") {
  const ModelFolder folder;
  EngineBackend backend(settings_of(folder));
  Prompt prompt;
  prompt.sampling.max_tokens = 5;
  prompt.messages = {{Role::user, "hello"}};
  const Response chat = answer(backend, prompt);
  CHECK(chat.finish == Finish::length);
  CHECK(chat.tokens.size() == 5);
  CHECK(chat.usage.completion_tokens == 5);
  CHECK(chat.usage.prompt_tokens == 34);  // bytes of <｜User｜>hello<｜Assistant｜>
  CHECK(chat.timings.ttft_s.has_value());

  prompt.messages.clear();
  prompt.text = "hello";
  const Response text = answer(backend, prompt);
  prompt.text.clear();
  prompt.tokens = {'h', 'e', 'l', 'l', 'o'};
  const Response tokens = answer(backend, prompt);
  CHECK(text.tokens == tokens.tokens);
  CHECK(text.usage.prompt_tokens == 5);
  const auto details = nlohmann::json::parse(text.details);
  CHECK(details["flop"].get<double>() > 0);
  CHECK(details["experts"].size() == 3);
}

TEST_CASE("samples of one question differ, and each is the same every time") {
  const ModelFolder folder;
  EngineBackend backend(settings_of(folder));
  Prompt prompt;
  prompt.text = "x";
  prompt.sampling.max_tokens = 8;
  prompt.sampling.temperature = 1;
  prompt.sampling.seed = 3;
  prompt.sampling.top_logprobs = 2;
  const Response first = answer(backend, prompt);
  CHECK(first.logprobs.size() == 8);
  CHECK(first.logprobs[0].top.size() == 2);
  CHECK(answer(backend, prompt).tokens == first.tokens);
  prompt.sample_index = 1;
  CHECK(answer(backend, prompt).tokens != first.tokens);
}

TEST_CASE("without a tokenizer a folder answers tokens and refuses text in one line") {
  const ModelFolder folder(false);
  EngineBackend backend(settings_of(folder));
  Prompt prompt;
  prompt.text = "x";
  const Response refused = answer(backend, prompt);
  CHECK(refused.failure == Failure::refused_input);
  CHECK(refused.error.find("has no tokenizer.json") != std::string::npos);
  prompt.text.clear();
  prompt.tokens = {1, 2};
  prompt.sampling.max_tokens = 2;
  CHECK(answer(backend, prompt).tokens.size() == 2);
}

TEST_CASE("a stop sequence ends the text before it, even across tokens") {
  const auto tokenizer = parse_tokenizer(byte_tokenizer().dump(), "t");
  AnswerText text(tokenizer.get(), {"END", "zz"});
  std::string fresh;
  for (const char c : std::string("some E")) {
    CHECK(text.push(c, &fresh));
  }
  CHECK(fresh == "some");  // two characters may yet belong to a stop sequence
  CHECK(text.push('N', &fresh));
  CHECK_FALSE(text.push('D', &fresh));
  CHECK(fresh == "some ");
  CHECK(text.finish() == "some ");
}

TEST_CASE("what a stop sequence held back is handed out at the end") {
  const auto tokenizer = parse_tokenizer(byte_tokenizer().dump(), "t");
  AnswerText text(tokenizer.get(), {"END"});
  std::string fresh;
  for (const char c : std::string("the E")) {
    CHECK(text.push(c, &fresh));
  }
  CHECK(fresh == "the");
  CHECK(text.finish(&fresh) == "the E");
  CHECK(fresh == "the E");
}

TEST_CASE("characters that come in pieces are whole in the text") {
  const auto tokenizer = parse_tokenizer(byte_tokenizer().dump(), "t");
  AnswerText text(tokenizer.get(), {});
  std::string fresh;
  text.push(0xE2, &fresh);
  text.push(0x82, &fresh);
  CHECK(fresh.empty());
  text.push(0xAC, &fresh);
  CHECK(fresh == "€");
}

TEST_CASE("reasoning is split from the answer") {
  const ModelFolder folder;
  const LanguageModel model(settings_of(folder));
  TokenResult result;
  result.finish = Finish::stop;
  result.cost.chosen.resize(3 * 16);
  CHECK(response_of(model, result, "<think>why</think>\n\nso", false).reasoning == "why");
  CHECK(response_of(model, result, "<think>why</think>\n\nso", false).text == "so");
  CHECK(response_of(model, result, "why</think>so", true).text == "so");
  CHECK(response_of(model, result, "still", true).reasoning == "still");
  CHECK(response_of(model, result, "a </think> b", false).text == "a </think> b");
}

TEST_CASE("options are checked by name and value") {
  const ModelFolder folder;
  CHECK(settings_of(folder, {{"threads", "3"}}).engine.threads == 3);
  CHECK(settings_of(folder).engine.activations == kernels::Activations::bf16);
  CHECK(settings_of(folder, {{"activations", "bf16x3"}}).engine.activations ==
        kernels::Activations::bf16x3);
  CHECK_FALSE(settings_of(folder, {{"prefix_cache", "off"}}).engine.share_prefixes);
  CHECK_THROWS_WITH(settings_of(folder, {{"threads", "0"}}),
                    "--backend-option threads=0: expected a whole number from 1 to 1024");
  CHECK_THROWS_WITH(settings_of(folder, {{"unit", "gpu"}}),
                    "--backend-option unit=gpu: expected plain, avx2, avx512 or amx");
  CHECK_THROWS_AS(settings_of(folder, {{"speed", "9"}}), UserError);
  CHECK_THROWS_AS(engine_settings({.provider = "engine", .name = "no-such"}, "/nowhere"),
                  UserError);
  CHECK_THROWS_AS(engine_settings({.provider = "engine", .name = ""}, "/nowhere"), UserError);
  // The folder one is in, and no bundled model.
  const ModelSpec here{.provider = "engine", .name = "."};
  CHECK(engine_settings(here, ASSAY_SOURCE_DIR "/data").folder == ".");
}

TEST_CASE("an identity follows the weights and what changes the arithmetic, not the speed") {
  const ModelFolder folder;
  const std::string plain = EngineBackend(settings_of(folder)).identity();
  CHECK(EngineBackend(settings_of(folder, {{"threads", "1"}})).identity() == plain);
  CHECK(EngineBackend(settings_of(folder, {{"activations", "bf16x3"}})).identity() != plain);
}

TEST_CASE("an identity tells attention in bf16, which the tile unit has, from the others' in f32") {
  const auto of_unit = [](const char* unit) {
    const ModelSpec spec{
        .provider = "engine", .name = "tiny-moe", .options = {{"unit", unit}, {"cache_mib", "16"}}};
    return EngineBackend(engine_settings(spec, ASSAY_SOURCE_DIR "/data")).identity();
  };
  const std::string plain = of_unit("plain");
  CHECK(plain.find(R"("attention":"f32")") != std::string::npos);
  if (!kernels::supported(kernels::Unit::amx)) {
    fmt::print("SKIPPED: this processor has no tile unit\n");
    return;
  }
  CHECK(of_unit("avx512") == plain);
  CHECK(of_unit("amx").find(R"("attention":"bf16")") != std::string::npos);
}

}  // namespace assay::engine
