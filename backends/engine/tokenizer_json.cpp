// tokenizer.json, the file of Hugging Face's tokenizers library, to a TokenizerSpec.
#include <algorithm>
#include <optional>
#include <system_error>
#include <unordered_map>
#include <utility>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "backends/engine/json_file.h"
#include "backends/engine/tokenizer.h"
#include "harness/error.h"

namespace assay::engine {

using nlohmann::json;

namespace {

constexpr std::size_t file_bytes_max = 256'000'000;
constexpr std::int64_t id_max = 1 << 22;
constexpr std::size_t piece_bytes_max = 100'000;
constexpr int nesting_max = 16;

// GPT-2's own pattern, which ByteLevel uses unless told not to
// (openai/gpt-2, src/encoder.py; huggingface/tokenizers, pre_tokenizers/byte_level.rs).
constexpr const char* gpt2_pattern =
    R"('s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+)";

class SpecReader {
 public:
  explicit SpecReader(std::string where) : where_(std::move(where)) {}

  TokenizerSpec read(const json& file) {
    if (!file.is_object()) {
      fail("must hold one JSON object");
    }
    const json& model = part(file, "model");
    read_model(model);
    read_vocabulary(part(model, "vocab"));
    read_merges(part(model, "merges"));
    if (const json unknown = model.value("unk_token", json()); unknown.is_string()) {
      spec_.unknown = known(unknown, spec_.merges.size());
    }
    if (const auto added = file.find("added_tokens"); added != file.end() && !added->is_null()) {
      read_added(*added);
    }
    read_normalizer(file.value("normalizer", json()));
    read_pre_tokenizer(file.value("pre_tokenizer", json()), 0);
    if (!byte_level_) {
      fail("pre_tokenizer without ByteLevel: only byte-level vocabularies are supported");
    }
    return std::move(spec_);
  }

 private:
  [[noreturn]] void fail(const std::string& what) const { throw UserError(where_ + ": " + what); }

  const json& part(const json& object, const char* name) const {
    const auto found = object.is_object() ? object.find(name) : object.end();
    if (!object.is_object() || found == object.end()) {
      fail(fmt::format("{} is missing", name));
    }
    return *found;
  }

  bool flag(const json& object, const char* name, bool fallback = false) const {
    const auto found = object.find(name);
    if (found == object.end() || found->is_null()) {
      return fallback;
    }
    if (!found->is_boolean()) {
      fail(fmt::format("{} must be true or false", name));
    }
    return found->get<bool>();
  }

  std::string text(const json& object, const char* name) const {
    const auto found = object.find(name);
    if (found == object.end() || !found->is_string()) {
      fail(fmt::format("{} must be a text", name));
    }
    return found->get<std::string>();
  }

  int id(const json& value, const std::string& of) const {
    if (!value.is_number_unsigned() || value.get<std::uint64_t>() > id_max) {
      fail(fmt::format("the id of {} must be a whole number up to {}", shown(of), id_max));
    }
    return value.get<int>();
  }

  void read_model(const json& model) {
    if (!model.is_object() || model.value("type", json("BPE")) != "BPE") {
      fail("model.type must be BPE");
    }
    for (const char* name : {"continuing_subword_prefix", "end_of_word_suffix"}) {
      const json value = model.value(name, json());
      const bool empty = value.is_string() && value.get_ref<const std::string&>().empty();
      if (!value.is_null() && !empty) {
        fail(fmt::format("model.{} is not supported", name));
      }
    }
    if (const json dropout = model.value("dropout", json()); !dropout.is_null() && dropout != 0) {
      fail("model.dropout is not supported");
    }
    spec_.byte_fallback = flag(model, "byte_fallback");
    spec_.ignore_merges = flag(model, "ignore_merges");
  }

  void read_vocabulary(const json& vocabulary) {
    if (!vocabulary.is_object() || vocabulary.empty()) {
      fail("model.vocab must be an object of pieces and ids");
    }
    for (const auto& [piece, value] : vocabulary.items()) {
      if (piece.empty() || piece.size() > piece_bytes_max) {
        fail("model.vocab has a piece of no length, or of too much");
      }
      place(piece, id(value, piece));
      ids_.emplace(piece, value.get<int>());
    }
  }

  void place(const std::string& piece, int at) {
    const auto index = static_cast<std::size_t>(at);
    if (index >= spec_.pieces.size()) {
      spec_.pieces.resize(index + 1);
    }
    if (!spec_.pieces[index].empty() && spec_.pieces[index] != piece) {
      fail(fmt::format("{} and {} have the same id {}", shown(spec_.pieces[index]), shown(piece),
                       at));
    }
    spec_.pieces[index] = piece;
  }

  // "a b", or ["a", "b"] in newer files.
  void read_merges(const json& merges) {
    if (!merges.is_array()) {
      fail("model.merges must be a list");
    }
    spec_.merges.reserve(merges.size());
    merge_count_ = merges.size();
    for (std::size_t i = 0; i < merges.size(); ++i) {
      const json& merge = merges[i];
      std::string left;
      std::string right;
      if (merge.is_string()) {
        const auto& both = merge.get_ref<const std::string&>();
        const std::size_t blank = both.find(' ');
        if (blank != std::string::npos) {
          left = both.substr(0, blank);
          right = both.substr(blank + 1);
        }
      } else if (merge.is_array() && merge.size() == 2 && merge[0].is_string() &&
                 merge[1].is_string()) {
        left = merge[0];
        right = merge[1];
      }
      spec_.merges.emplace_back(known(left, i), known(right, i));
      spec_.merged.push_back(known(left + right, i));
    }
  }

  int known(const std::string& piece, std::size_t merge) const {
    const auto found = ids_.find(piece);
    if (found == ids_.end()) {
      const std::string what = merge < merge_count_ ? fmt::format("merge {}", merge) : "unk_token";
      fail(fmt::format("{}: {} is not in the vocabulary", what, shown(piece)));
    }
    return found->second;
  }

  void read_added(const json& added) {
    if (!added.is_array()) {
      fail("added_tokens must be a list");
    }
    for (const json& entry : added) {
      if (!entry.is_object() || !entry.contains("id")) {
        fail("added_tokens must be objects with an id");
      }
      AddedToken token;
      token.content = text(entry, "content");
      if (token.content.empty() || token.content.size() > piece_bytes_max) {
        fail("added_tokens has a token of no length, or of too much");
      }
      token.id = id(entry["id"], token.content);
      token.special = flag(entry, "special");
      token.normalized = flag(entry, "normalized", !token.special);
      token.lstrip = flag(entry, "lstrip");
      token.rstrip = flag(entry, "rstrip");
      token.single_word = flag(entry, "single_word");
      place(token.content, token.id);
      spec_.added.push_back(std::move(token));
    }
  }

  void read_normalizer(const json& normalizer) const {
    const bool nothing =
        normalizer.is_null() ||
        (normalizer.is_object() && normalizer.value("type", json()) == "Sequence" &&
         normalizer.value("normalizers", json()) == json::array());
    if (!nothing) {
      fail("a normalizer is not supported");
    }
  }

  void read_pre_tokenizer(const json& step, int depth) {
    if (step.is_null()) {
      return;
    }
    if (!step.is_object() || depth > nesting_max) {
      fail("pre_tokenizer must be an object");
    }
    const std::string type = text(step, "type");
    if (byte_level_) {
      fail("pre_tokenizer has a step behind ByteLevel");
    }
    if (type == "Sequence") {
      const json& steps = part(step, "pretokenizers");
      if (!steps.is_array() || steps.size() > 64) {
        fail("pretokenizers must be a short list");
      }
      for (const json& inner : steps) {
        read_pre_tokenizer(inner, depth + 1);
      }
    } else if (type == "Split") {
      spec_.splits.push_back(split(step));
    } else if (type == "Digits") {
      spec_.splits.push_back(
          {.pattern = flag(step, "individual_digits") ? R"(\p{N})" : R"(\p{N}+)"});
    } else if (type == "ByteLevel") {
      if (flag(step, "add_prefix_space", true)) {
        fail("pre_tokenizer: ByteLevel with add_prefix_space is not supported");
      }
      if (flag(step, "use_regex", true)) {
        spec_.splits.push_back({.pattern = gpt2_pattern});
      }
      byte_level_ = true;
    } else {
      fail(fmt::format("pre_tokenizer {} is not supported", shown(type)));
    }
  }

  SplitStep split(const json& step) const {
    using Behavior = SplitStep::Behavior;
    static const std::vector<std::pair<std::string_view, Behavior>> behaviors = {
        {"Isolated", Behavior::isolated},
        {"Removed", Behavior::removed},
        {"MergedWithPrevious", Behavior::merged_with_previous},
        {"MergedWithNext", Behavior::merged_with_next},
        {"Contiguous", Behavior::contiguous}};
    SplitStep result;
    const json& pattern = part(step, "pattern");
    if (pattern.is_object() && pattern.contains("Regex")) {
      result.pattern = text(pattern, "Regex");
    } else if (pattern.is_object() && pattern.contains("String")) {
      for (const char c : text(pattern, "String")) {
        const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') ||
                            (c >= 'a' && c <= 'z') || static_cast<unsigned char>(c) >= 0x80;
        result.pattern +=
            letter ? std::string(1, c) : fmt::format("\\x{:02x}", static_cast<unsigned>(c));
      }
    } else {
      fail("pattern must be a Regex or a String");
    }
    const std::string behavior = text(step, "behavior");
    const auto found = std::find_if(behaviors.begin(), behaviors.end(),
                                    [&](const auto& known) { return known.first == behavior; });
    if (found == behaviors.end()) {
      fail(fmt::format("behavior {} is unknown", shown(behavior)));
    }
    result.behavior = found->second;
    result.invert = flag(step, "invert");
    return result;
  }

  std::string where_;
  TokenizerSpec spec_;
  std::unordered_map<std::string, int> ids_;
  std::size_t merge_count_ = 0;
  bool byte_level_ = false;
};

}  // namespace

std::unique_ptr<Tokenizer> parse_tokenizer(std::string_view json_text, const std::string& where) {
  SpecReader reader(where);
  return std::make_unique<Tokenizer>(reader.read(parse_json(json_text, where)), where);
}

std::unique_ptr<Tokenizer> load_tokenizer(const std::filesystem::path& folder, int vocab_size) {
  const std::filesystem::path path = folder / "tokenizer.json";
  std::error_code error;
  if (!std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    return nullptr;
  }
  auto tokenizer = parse_tokenizer(read_file(path, file_bytes_max), path.string());
  if (tokenizer->size() > vocab_size) {
    throw UserError(fmt::format("{}: token {} has id {}, but vocab_size in config.json is {}",
                                path.string(), shown(tokenizer->bytes(tokenizer->size() - 1)),
                                tokenizer->size() - 1, vocab_size));
  }
  return tokenizer;
}

}  // namespace assay::engine
