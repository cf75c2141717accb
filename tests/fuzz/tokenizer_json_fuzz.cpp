// Hostile bytes as a tokenizer.json, as one of its patterns, or as a GGUF vocabulary. Whatever is
// accepted must encode a text of many kinds of characters.
#include <cstdint>
#include <cstring>
#include <string>

#include <nlohmann/json.hpp>

#include "backends/engine/gguf.h"
#include "backends/engine/tokenizer.h"
#include "harness/error.h"

namespace {

using assay::engine::Tokenizer;
using nlohmann::json;

// A tokenizer of three letters whose split pattern is `pattern`.
std::string with_pattern(const std::string& pattern) {
  const json split = {
      {"type", "Split"}, {"pattern", {{"Regex", pattern}}}, {"behavior", "Isolated"}};
  const json bytes = {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", false}};
  const json file = {
      {"pre_tokenizer", {{"type", "Sequence"}, {"pretokenizers", {split, bytes}}}},
      {"model", {{"vocab", {{"a", 0}, {"b", 1}, {"ab", 2}}}, {"merges", json::array({"a b"})}}}};
  return file.dump(-1, ' ', false, json::error_handler_t::replace);
}

void use(const Tokenizer& tokenizer) {
  const std::string text = "ab 12\n\n  \xE4\xB8\xAD\xFF<x> \xC3\xA9'll abab\t!?";
  tokenizer.decode(tokenizer.encode(text));
  tokenizer.encode_ordinary(text);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) {
    return 0;
  }
  const std::string bytes(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    if (data[0] % 3 == 0) {
      use(*assay::engine::parse_tokenizer(bytes, "fuzz.json"));
    } else if (data[0] % 3 == 1) {
      use(*assay::engine::parse_tokenizer(with_pattern(bytes), "fuzz.json"));
    } else {
      use(Tokenizer(assay::engine::read_gguf_vocabulary(
                        reinterpret_cast<const std::byte*>(bytes.data()), bytes.size(), "f.gguf"),
                    "f.gguf"));
    }
  } catch (const assay::UserError& error) {
    if (std::strchr(error.what(), '\n') != nullptr) {
      __builtin_trap();
    }
  }
  return 0;
}
