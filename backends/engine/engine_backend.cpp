#include "backends/engine/engine_backend.h"

#include <algorithm>
#include <charconv>
#include <fstream>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "backends/engine/load.h"
#include "harness/digest.h"
#include "harness/error.h"

namespace assay::engine {

namespace fs = std::filesystem;
using nlohmann::json;

namespace {

[[noreturn]] void bad_option(const std::string& key, const std::string& value,
                             std::string_view expected) {
  throw UserError(fmt::format("--backend-option {}={}: expected {}", key, value, expected));
}

std::int64_t number(const std::string& key, const std::string& value, std::int64_t max) {
  std::int64_t parsed = 0;
  const char* end = value.data() + value.size();
  const auto [stopped, error] = std::from_chars(value.data(), end, parsed);
  if (error != std::errc{} || stopped != end || parsed < 1 || parsed > max) {
    bad_option(key, value, fmt::format("a whole number from 1 to {}", max));
  }
  return parsed;
}

bool switched(const std::string& key, const std::string& value) {
  if (value != "on" && value != "off") {
    bad_option(key, value, "on or off");
  }
  return value == "on";
}

kernels::Unit unit_of(const std::string& key, const std::string& value) {
  using kernels::Unit;
  for (const Unit unit : {Unit::plain, Unit::avx2, Unit::avx512, Unit::amx}) {
    if (value == name_of(unit)) {
      if (!supported(unit)) {
        throw UserError(
            fmt::format("--backend-option {}={}: this processor does not have it", key, value));
      }
      return unit;
    }
  }
  bad_option(key, value, "plain, avx2, avx512 or amx");
}

constexpr std::pair<std::string_view, kernels::Activations> activation_names[] = {
    {"f32", kernels::Activations::f32},
    {"bf16", kernels::Activations::bf16},
    {"bf16x2", kernels::Activations::bf16x2},
    {"bf16x3", kernels::Activations::bf16x3}};

kernels::Activations activations_of(const std::string& key, const std::string& value) {
  for (const auto& [name, activations] : activation_names) {
    if (value == name) {
      return activations;
    }
  }
  bad_option(key, value, "f32, bf16, bf16x2 or bf16x3");
}

std::string_view name_of_activations(kernels::Activations activations) {
  for (const auto& [name, each] : activation_names) {
    if (each == activations) {
      return name;
    }
  }
  return "";
}

void set_option(EngineSettings& settings, const std::string& key, const std::string& value) {
  EngineOptions& engine = settings.engine;
  if (key == "threads") {
    engine.threads = static_cast<int>(number(key, value, 1024));
  } else if (key == "unit") {
    engine.unit = unit_of(key, value);
  } else if (key == "activations") {
    engine.activations = activations_of(key, value);
  } else if (key == "chunk") {
    engine.chunk_tokens = static_cast<int>(number(key, value, 8192));
  } else if (key == "batch") {
    engine.batch_max = static_cast<int>(number(key, value, 4096));
  } else if (key == "cache_mib") {
    engine.cache_bytes = static_cast<std::size_t>(number(key, value, std::int64_t{1} << 30)) << 20;
  } else if (key == "prefix_cache") {
    engine.share_prefixes = switched(key, value);
  } else if (key == "thinking") {
    settings.thinking = switched(key, value);
  } else {
    throw UserError(fmt::format(
        "--backend-option {}: the engine knows threads, unit, activations, chunk, batch, "
        "cache_mib, prefix_cache and thinking",
        key));
  }
}

// Of a file: its size, and 64 blocks of 4 KiB spread over it. Reading 700 GB for a digest would
// take minutes; weights that differ at all differ everywhere.
void add_samples(const fs::path& file, std::string& text) {
  constexpr std::uintmax_t block = 4096;
  constexpr std::uintmax_t blocks = 64;
  const std::uintmax_t bytes = fs::file_size(file);
  text += fmt::format("{} {} ", file.filename().string(), bytes);
  std::ifstream in(file, std::ios::binary);
  std::string buffer(block, '\0');
  for (std::uintmax_t i = 0; i < blocks; ++i) {
    in.clear();
    in.seekg(static_cast<std::streamoff>(bytes > block ? (bytes - block) / (blocks - 1) * i : 0));
    in.read(buffer.data(), static_cast<std::streamsize>(block));
    text.append(buffer, 0, static_cast<std::size_t>(in.gcount()));
    if (bytes <= block) {
      break;
    }
  }
}

}  // namespace

EngineSettings engine_settings(const ModelSpec& spec, const fs::path& bundled) {
  EngineSettings settings;
  settings.name = spec.name;
  if (spec.name.empty()) {
    throw UserError("--model engine: names no folder, as in engine:DIR or engine:tiny-moe");
  }
  const fs::path of_bundle = bundled / "models" / spec.name;
  const bool is_name = spec.name.find('/') == std::string::npos && !spec.name.starts_with('.');
  settings.folder = fs::path(spec.name);
  if (is_name && !fs::exists(settings.folder / "config.json")) {
    settings.folder = of_bundle;
  }
  if (!fs::is_directory(settings.folder)) {
    throw UserError(
        fmt::format("--model engine:{0}: there is no folder {0} and no bundled model {1}",
                    spec.name, of_bundle.string()));
  }
  settings.engine.batch_max = std::clamp(spec.in_flight_max, 1, 4096);
  for (const auto& [key, value] : spec.options) {
    set_option(settings, key, value);
  }
  return settings;
}

LanguageModel::LanguageModel(const EngineSettings& settings) : settings_(settings) {
  const Model model = load_model(settings.folder);
  tokenizer_ = load_tokenizer(settings.folder, model.config.vocab_size);
  template_ = load_chat_template(settings.folder);
  engine_ = std::make_unique<Engine>(model, settings.engine);
}

const Tokenizer& LanguageModel::needed_tokenizer() const {
  if (tokenizer_ == nullptr) {
    throw UserError(fmt::format("{} has no tokenizer.json: only tokens can be put to this model",
                                settings_.folder.string()));
  }
  return *tokenizer_;
}

std::vector<int> LanguageModel::tokens_of(const std::string& text) const {
  const Tokenizer& tokenizer = needed_tokenizer();
  return tokenizer.encode(template_.add_bos ? template_.bos + text : text);
}

std::vector<int> LanguageModel::tokens_of(const Prompt& prompt) const {
  if (!prompt.messages.empty()) {
    return needed_tokenizer().encode(template_.render(prompt.messages, settings_.thinking));
  }
  return prompt.text.empty() ? prompt.tokens : tokens_of(prompt.text);
}

std::string LanguageModel::fingerprint() const {
  std::vector<fs::path> files;
  for (const auto& entry : fs::directory_iterator(settings_.folder)) {
    const std::string ending = entry.path().extension().string();
    if (entry.is_regular_file() && (ending == ".json" || ending == ".safetensors")) {
      files.push_back(entry.path());
    }
  }
  std::sort(files.begin(), files.end());
  std::string text;
  for (const fs::path& file : files) {
    add_samples(file, text);
  }
  return sha256_hex(text);
}

AnswerText::AnswerText(const Tokenizer* tokenizer, std::vector<std::string> stops)
    : stops_(std::move(stops)) {
  if (tokenizer != nullptr) {
    stream_.emplace(*tokenizer, true);
  }
  std::erase(stops_, "");
  for (const std::string& stop : stops_) {
    longest_stop_ = std::max(longest_stop_, stop.size());
  }
}

bool AnswerText::push(int token, std::string* fresh) {
  if (!stream_) {
    return true;
  }
  const std::size_t before = text_.size();
  text_ += stream_->push(token);
  // A stop sequence may have begun before this token.
  const std::size_t from = before > longest_stop_ ? before - longest_stop_ : 0;
  std::size_t first = std::string::npos;
  for (const std::string& stop : stops_) {
    first = std::min(first, text_.find(stop, from));
  }
  if (first != std::string::npos) {
    text_.resize(first);
    stopped_ = true;
  }
  const std::size_t held = stopped_ || longest_stop_ == 0 ? 0 : longest_stop_ - 1;
  const std::size_t safe = text_.size() > held ? text_.size() - held : 0;
  if (fresh != nullptr && safe > handed_out_) {
    fresh->append(text_, handed_out_, safe - handed_out_);
    handed_out_ = safe;
  }
  return !stopped_;
}

std::string AnswerText::finish(std::string* fresh) {
  if (stream_ && !stopped_) {
    text_ += stream_->finish();
  }
  if (fresh != nullptr && handed_out_ < text_.size()) {
    fresh->append(text_, handed_out_);
    handed_out_ = text_.size();
  }
  return text_;
}

namespace {

// <think> reasoning </think> answer; an answer that never ends its reasoning is all reasoning.
void split_reasoning(std::string text, bool reasons, Response& response) {
  constexpr std::string_view opening = "<think>";
  constexpr std::string_view closing = "</think>";
  if (text.starts_with(opening)) {
    reasons = true;
    text.erase(0, opening.size());
  }
  const std::size_t end = text.find(closing);
  if (!reasons) {
    response.text = std::move(text);
  } else if (end == std::string::npos) {
    response.reasoning = std::move(text);
  } else {
    response.reasoning = text.substr(0, end);
    const std::size_t answer = text.find_first_not_of("\r\n", end + closing.size());
    response.text = answer == std::string::npos ? "" : text.substr(answer);
  }
}

std::string token_text(const LanguageModel& model, int token) {
  return model.tokenizer() == nullptr ? std::to_string(token)
                                      : std::string(model.tokenizer()->bytes(token));
}

TokenLogprob logprob_of(const LanguageModel& model, const ScoredToken& scored) {
  TokenLogprob logprob{.token = token_text(model, scored.token), .logprob = scored.logprob};
  for (const auto& [token, value] : scored.top) {
    logprob.top.emplace_back(token_text(model, token), value);
  }
  return logprob;
}

// Facts for reports: `experts` has a row of counts for every layer, empty for dense ones.
std::string details_of(const LanguageModel& model, const TokenCost& cost) {
  const Config& config = model.engine().config();
  json experts = json::array();
  const auto count = static_cast<std::ptrdiff_t>(config.n_routed_experts);
  for (int layer = 0; layer < config.num_hidden_layers; ++layer) {
    const auto begin = cost.chosen.begin() + layer * count;
    experts.push_back(config.is_moe(layer) ? json(std::vector<std::uint32_t>(begin, begin + count))
                                           : json::array());
  }
  return json{{"waited_s", cost.waited_s}, {"prefill_s", cost.prefill_s},
              {"decode_s", cost.decode_s}, {"bytes", cost.bytes},
              {"flop", cost.flop},         {"experts", std::move(experts)}}
      .dump();
}

}  // namespace

Response response_of(const LanguageModel& model, TokenResult result, std::string text,
                     bool reasons) {
  Response response;
  response.finish = result.finish;
  response.failure = result.failure;
  response.error = result.error;
  response.served_model = model.settings().name;
  if (result.finish == Finish::failed) {
    return response;
  }
  split_reasoning(std::move(text), reasons, response);
  const TokenCost& cost = result.cost;
  response.usage.completion_tokens = static_cast<int>(result.tokens.size());
  response.usage.cached_tokens = cost.cached_tokens;
  response.timings.latency_s = cost.waited_s + cost.prefill_s + cost.decode_s;
  response.timings.ttft_s = cost.waited_s + cost.prefill_s;
  for (const ScoredToken& scored : result.scores) {
    response.logprobs.push_back(logprob_of(model, scored));
  }
  response.details = details_of(model, cost);
  response.tokens = std::move(result.tokens);
  return response;
}

std::string EngineBackend::identity() const {
  const EngineSettings& settings = model_.settings();
  const bool in_tiles = model_.engine().pages() == kernels::LatentPage::Form::tiles;
  return json{{"backend", "engine"},
              {"model", settings.name},
              {"weights", model_.fingerprint()},
              {"activations", name_of_activations(settings.engine.activations)},
              {"attention", in_tiles ? "bf16" : "f32"},
              {"thinking", settings.thinking}}
      .dump();
}

void EngineBackend::submit(Prompt prompt, std::function<void(Response)> done) {
  submit(prompt, std::move(done), {});
}

void EngineBackend::submit(const Prompt& prompt, std::function<void(Response)> done,
                           std::function<void(const std::string&)> piece) {
  TokenRequest request;
  const Sampling& sampling = prompt.sampling;
  try {
    request.tokens = model_.tokens_of(prompt);
    if (model_.tokenizer() == nullptr && !sampling.stop.empty()) {
      throw UserError("stop sequences need a tokenizer.json");
    }
  } catch (const UserError& error) {
    done({.failure = Failure::refused_input, .error = error.what()});
    return;
  }
  request.sampling = {
      .temperature = sampling.temperature, .top_p = sampling.top_p, .top_k = sampling.top_k};
  // Without a seed the answers of a run are still the same every time.
  request.seed = sampling.seed.value_or(0) + static_cast<std::uint64_t>(prompt.sample_index);
  request.max_tokens = sampling.max_tokens;
  request.top_logprobs = sampling.top_logprobs;
  const auto text = std::make_shared<AnswerText>(model_.tokenizer(), sampling.stop);
  request.keep_going = [text, piece](int token) {
    std::string fresh;
    const bool goes_on = text->push(token, piece ? &fresh : nullptr);
    if (piece && !fresh.empty()) {
      piece(fresh);
    }
    return goes_on;
  };
  const auto prompt_tokens = static_cast<int>(request.tokens.size());
  const bool reasons = !prompt.messages.empty() &&
                       (model_.chat_template().opens_thinking || model_.settings().thinking);
  model_.engine().submit(
      std::move(request), [this, text, prompt_tokens, reasons, piece = std::move(piece),
                           done = std::move(done)](TokenResult result) {
        std::string rest;  // what was held back, because a stop sequence might have begun there
        std::string whole = text->finish(&rest);
        if (piece && !rest.empty() && result.finish != Finish::failed) {
          piece(rest);
        }
        Response response = response_of(model_, std::move(result), std::move(whole), reasons);
        response.usage.prompt_tokens = prompt_tokens;
        done(std::move(response));
      });
}

}  // namespace assay::engine
