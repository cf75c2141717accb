// Messages to the text that a model of the family was trained on. The templates are written out
// here instead of interpreting the Jinja of tokenizer_config.json: the file's own template is
// recognised by what it says, and one that is not known is refused rather than guessed at. Tools
// are not put to models.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "harness/prompt.h"

namespace assay::engine {

// {b}: bos, {e}: end of sentence, {s} {u} {a}: texts of the system, the user, the assistant.
enum class ChatFormat {
  none,          // no template: messages cannot be put to this model
  deepseek_v2,   // {b}{s}\n\nUser: {u}\n\nAssistant: {a}{e}User: ... Assistant:
  deepseek_v3,   // {b}{s}<｜User｜>{u}<｜Assistant｜>{a}{e}...; R1 is this with other options
  deepseek_v31,  // the same, with </think> or <think> after <｜Assistant｜>
  in_order,      // as V3, but system texts stay where they are: the bundled tiny-moe
};

struct ChatTemplate {
  ChatFormat format = ChatFormat::none;
  std::string bos;       // texts of tokens, from tokenizer_config.json
  std::string eos;       // which V2 ends answers with; the others spell it out
  bool add_bos = false;  // a plain text is to start with `bos`
  // What deepseek_v3 templates differ in.
  bool joins_system = true;         // several system texts, with \n\n between; else the last counts
  bool drops_reasoning = false;     // of earlier answers, up to </think>
  bool opens_thinking = false;      // the prompt for the answer ends with <think>\n
  bool answers_users_only = false;  // no <｜Assistant｜> where the last message is not the user's

  // The prompt for the answer that follows `messages`. `thinking` matters to V3.1 only. Throws
  // UserError where the format is `none`.
  std::string render(const std::vector<Message>& messages, bool thinking = false) const;
};

// From FOLDER/tokenizer_config.json, or chat_template.jinja beside it; format `none` where neither
// holds a template. Throws UserError, one line, for a file that cannot be read or a template that
// is not known.
ChatTemplate load_chat_template(const std::filesystem::path& folder);

// Format and options of a Jinja text; empty where it is not known.
std::optional<ChatTemplate> recognise_template(std::string_view jinja);

}  // namespace assay::engine
