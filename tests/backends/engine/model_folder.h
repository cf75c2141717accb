// A whole checkpoint folder with random weights: the golden tiny_plain, a tokenizer of the 256
// bytes and the bundled model's chat template.
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "tests/goldens/checkpoint.h"
#include "tests/scratch.h"

namespace assay::engine {

// Every byte is a token whose id is the byte, in the byte-to-character spelling of GPT-2.
inline nlohmann::json byte_tokenizer() {
  nlohmann::json vocabulary;
  int next = 256;
  for (int byte = 0; byte < 256; ++byte) {
    const bool plain =
        (byte >= 0x21 && byte <= 0x7E) || (byte >= 0xA1 && byte <= 0xAC) || byte >= 0xAE;
    const int code = plain ? byte : next++;
    vocabulary[code < 0x80 ? std::string(1, static_cast<char>(code))
                           : std::string{static_cast<char>(0xC0 | code >> 6),
                                         static_cast<char>(0x80 | (code & 0x3F))}] = byte;
  }
  return {
      {"added_tokens", nlohmann::json::array()},
      {"normalizer", nullptr},
      {"pre_tokenizer", {{"type", "ByteLevel"}, {"add_prefix_space", false}, {"use_regex", true}}},
      {"model", {{"type", "BPE"}, {"vocab", vocabulary}, {"merges", nlohmann::json::array()}}}};
}

// The bundled model's.
inline constexpr std::string_view chat_jinja =
    "{{ bos_token }}{% for message in messages %}"
    "{% if message['role'] == 'system' %}{{ message['content'] }}{% endif %}"
    "{% if message['role'] == 'user' %}{{ '<｜User｜>' + message['content'] }}{% endif %}"
    "{% if message['role'] == 'assistant' %}"
    "{{ '<｜Assistant｜>' + message['content'] + '<｜end▁of▁sentence｜>' }}{% endif %}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<｜Assistant｜>' }}{% endif %}";

class ModelFolder {
 public:
  explicit ModelFolder(bool with_text = true) {
    golden::write_checkpoint("tiny_plain", folder_.path());
    if (with_text) {
      folder_.write("tokenizer.json", byte_tokenizer().dump());
      folder_.write("tokenizer_config.json",
                    nlohmann::json{{"chat_template", std::string(chat_jinja)}}.dump());
    }
  }
  const std::filesystem::path& path() const { return folder_.path(); }

 private:
  ScratchFolder folder_;
};

}  // namespace assay::engine
