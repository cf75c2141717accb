// Messages to the text that a model of the family was trained on. The templates are written out
// here instead of interpreting the Jinja of tokenizer_config.json: the file's own template is
// recognised, and one that is not known is refused rather than guessed at.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/prompt.h"

namespace assay::engine {

enum class ChatFormat {
  none,            // no template: messages cannot be put to this model
  deepseek_v2,     // "User: ...\n\nAssistant: ..."
  deepseek_coder,  // "### Instruction:\n...\n### Response:\n"
  deepseek_v25,    // V2.5: <｜User｜>...<｜Assistant｜>, system text directly after bos
  deepseek_v3,
  deepseek_r1,  // as V3; earlier reasoning is dropped and, where the file says so, <think>\n opened
  deepseek_v31,  // as V3 with </think> or <think> after <｜Assistant｜>
  plain,         // the bundled model's, see plain_template
};

// The template of models made with this project: every message is its role's first letter, a colon,
// a space, the text and a line break; the answer follows "A: ".
extern const std::string_view plain_template;

struct ChatTemplate {
  ChatFormat format = ChatFormat::none;
  std::string bos;  // texts of tokens, from tokenizer_config.json
  std::string eos;
  bool add_bos = false;         // put `bos` before a plain text
  bool opens_thinking = false;  // R1: the generation prompt ends with "<think>\n"

  // The prompt for the answer that follows `messages`. `thinking` matters to V3.1 only. Throws
  // UserError where the format is `none`.
  std::string render(const std::vector<Message>& messages, bool thinking = false) const;
};

// From FOLDER/tokenizer_config.json (or chat_template.jinja beside it); format `none` where neither
// holds a template. Throws UserError for a template that is not known.
ChatTemplate load_chat_template(const std::filesystem::path& folder);

// The format of a Jinja text; empty where it is not known.
std::optional<ChatTemplate> recognise_template(std::string_view jinja);

}  // namespace assay::engine
