#include "backends/engine/chat_template.h"

#include <cctype>
#include <cstddef>
#include <system_error>

#include <nlohmann/json.hpp>

#include "backends/engine/json_file.h"
#include "harness/error.h"

namespace assay::engine {

using nlohmann::json;

namespace {

constexpr std::size_t file_bytes_max = 64'000'000;

constexpr std::string_view user_mark = "<｜User｜>";
constexpr std::string_view assistant_mark = "<｜Assistant｜>";
constexpr std::string_view end_mark = "<｜end▁of▁sentence｜>";
constexpr std::string_view think_end = "</think>";

// A template without what does not matter to its meaning: white space between words of its code,
// the dashes of {%- -%}, and the choice between a line break and \n within quotes. Text between the
// tags is kept but for white space.
std::string condensed(std::string_view jinja) {
  std::string out;
  char quote = 0;
  for (std::size_t i = 0; i < jinja.size(); ++i) {
    const char c = jinja[i];
    const std::string_view rest = jinja.substr(i);
    if (quote != 0) {
      const bool escaped_break = rest.starts_with("\\n");
      out += escaped_break ? '\n' : c;
      i += escaped_break ? 1 : 0;
      quote = c == quote ? '\0' : quote;
    } else if (rest.starts_with("{%-") || rest.starts_with("{{-")) {
      out += rest.substr(0, 2);
      i += 2;
    } else if (rest.starts_with("-%}") || rest.starts_with("-}}")) {
      out += rest.substr(1, 2);
      i += 2;
    } else if (std::isspace(static_cast<unsigned char>(c)) == 0) {
      out += c == '"' ? '\'' : c;
      quote = c == '\'' || c == '"' ? c : '\0';
    }
  }
  return out;
}

bool holds(std::string_view text, std::string_view part) {
  return text.find(part) != std::string_view::npos;
}

bool is_v2(std::string_view text) {
  return holds(text, "{{bos_token}}") &&
         holds(text, "=='user'%}{{'User: '+message['content']+'\n\n'}}") &&
         holds(text, "=='assistant'%}{{'Assistant: '+message['content']+eos_token}}") &&
         holds(text, "=='system'%}{{message['content']+'\n\n'}}") &&
         text.ends_with("{%ifadd_generation_prompt%}{{'Assistant:'}}{%endif%}");
}

bool is_in_order(std::string_view text) {
  return text ==
         "{{bos_token}}{%formessageinmessages%}"
         "{%ifmessage['role']=='system'%}{{message['content']}}{%endif%}"
         "{%ifmessage['role']=='user'%}{{'<｜User｜>'+message['content']}}{%endif%}"
         "{%ifmessage['role']=='assistant'%}"
         "{{'<｜Assistant｜>'+message['content']+'<｜end▁of▁sentence｜>'}}{%endif%}"
         "{%endfor%}{%ifadd_generation_prompt%}{{'<｜Assistant｜>'}}{%endif%}";
}

// What V3, R1 and V3.1 have in common. V2.5 and the first V3 set the system text, later ones join.
bool is_marked(std::string_view text, ChatTemplate& found) {
  found.joins_system = holds(text, "ns.system_prompt+'\n\n'+message['content']");
  return holds(text, "{{bos_token}}{{ns.system_prompt}}") &&
         holds(text, "{{'<｜User｜>'+message['content']}}") &&
         (found.joins_system || holds(text, "setns.system_prompt=message['content']%}"));
}

bool is_v31(std::string_view text) {
  return holds(text, "{%ifns.is_last_user%}{{'<｜Assistant｜>'}}") &&
         holds(text, "andmessage['prefix']andthinking%}{{'<think>'}}{%else%}{{'</think>'}}") &&
         holds(text, "content.split('</think>',1)[1]") &&
         text.ends_with(
             "{%ifadd_generation_promptandns.is_last_userandnotns.is_tool%}{{'<｜Assistant｜>'}}"
             "{%ifnotthinking%}{{'</think>'}}{%else%}{{'<think>'}}{%endif%}{%endif%}");
}

// How a template of V3 or R1 answers; false: in none of the ways that are known.
bool read_v3(std::string_view text, ChatTemplate& found) {
  found.drops_reasoning = holds(text, "content.split('</think>')[-1]");
  found.answers_users_only =
      holds(text, "{%ifadd_generation_promptandns.is_last_userandnotns.is_tool%}");
  const std::string before = found.answers_users_only
                                 ? "{%ifadd_generation_promptandns.is_last_userandnotns.is_tool%}"
                                 : "{%ifadd_generation_promptandnotns.is_tool%}";
  found.opens_thinking = text.ends_with(before + "{{'<｜Assistant｜><think>\n'}}{%endif%}");
  const std::string content = found.drops_reasoning ? "content" : "message['content']";
  return holds(text, "{{'<｜Assistant｜>'+" + content + "+'<｜end▁of▁sentence｜>'}}") &&
         (found.opens_thinking || text.ends_with(before + "{{'<｜Assistant｜>'}}{%endif%}"));
}

std::string after_reasoning(const std::string& text, bool last) {
  const std::size_t at = last ? text.rfind(think_end) : text.find(think_end);
  return at == std::string::npos ? text : text.substr(at + think_end.size());
}

std::string system_text(const std::vector<Message>& messages, bool joined) {
  std::string text;
  bool first = true;
  for (const Message& message : messages) {
    if (message.role == Role::system) {
      if (joined && !first) {
        (text += "\n\n") += message.content;
      } else {
        text = message.content;
      }
      first = false;
    }
  }
  return text;
}

std::string render_v2(const ChatTemplate& format, const std::vector<Message>& messages) {
  std::string out = format.bos;
  for (const Message& message : messages) {
    switch (message.role) {
      case Role::system:
        out += message.content + "\n\n";
        break;
      case Role::user:
        out += "User: " + message.content + "\n\n";
        break;
      case Role::assistant:
        out += "Assistant: " + message.content + format.eos;
        break;
    }
  }
  return out + "Assistant:";
}

std::string render_v3(const ChatTemplate& format, const std::vector<Message>& messages) {
  const bool in_order = format.format == ChatFormat::in_order;
  std::string out = format.bos;
  out += in_order ? "" : system_text(messages, format.joins_system);
  bool users_turn = false;  // the last message was the user's
  for (const Message& message : messages) {
    if (message.role == Role::user) {
      out.append(user_mark).append(message.content);
    } else if (message.role == Role::assistant) {
      out.append(assistant_mark);
      out += format.drops_reasoning ? after_reasoning(message.content, true) : message.content;
      out.append(end_mark);
    } else if (in_order) {
      out += message.content;
    }
    users_turn = message.role == Role::system ? users_turn : message.role == Role::user;
  }
  if (!format.answers_users_only || users_turn) {
    out.append(assistant_mark).append(format.opens_thinking ? "<think>\n" : "");
  }
  return out;
}

std::string render_v31(const ChatTemplate& format, const std::vector<Message>& messages,
                       bool thinking) {
  std::string out = format.bos + system_text(messages, true);
  bool users_turn = false;
  for (const Message& message : messages) {
    if (message.role == Role::user) {
      out.append(user_mark).append(message.content);
      users_turn = true;
    } else if (message.role == Role::assistant) {
      if (users_turn) {
        out.append(assistant_mark).append(think_end);
      }
      out.append(after_reasoning(message.content, false)).append(end_mark);
      users_turn = false;
    }
  }
  if (users_turn) {
    out.append(assistant_mark).append(thinking ? "<think>" : think_end);
  }
  return out;
}

// A token's text: in older files an object with its content.
std::string token_text(const json& config, const char* name) {
  const json value = config.value(name, json());
  const json content = value.is_object() ? value.value("content", json()) : value;
  return content.is_string() ? content.get<std::string>() : "";
}

// The Jinja text; of several named ones the default.
std::string template_text(const json& config, const std::filesystem::path& path) {
  const json value = config.value("chat_template", json());
  if (value.is_null() || value.is_string()) {
    return value.is_null() ? "" : value.get<std::string>();
  }
  for (const json& named : value.is_array() ? value : json::array()) {
    if (named.is_object() && named.value("name", json()) == "default" &&
        named.contains("template") && named["template"].is_string()) {
      return named["template"];
    }
  }
  throw UserError(path.string() + ": chat_template must be a text, or a list with a default one");
}

}  // namespace

std::string ChatTemplate::render(const std::vector<Message>& messages, bool thinking) const {
  switch (format) {
    case ChatFormat::deepseek_v2:
      return render_v2(*this, messages);
    case ChatFormat::deepseek_v3:
    case ChatFormat::in_order:
      return render_v3(*this, messages);
    case ChatFormat::deepseek_v31:
      return render_v31(*this, messages, thinking);
    case ChatFormat::none:
      break;
  }
  throw UserError("this model has no chat template: give it a plain text (prompt) or tokens");
}

std::optional<ChatTemplate> recognise_template(std::string_view jinja) {
  const std::string text = condensed(jinja);
  ChatTemplate found;
  if (is_in_order(text)) {
    found.format = ChatFormat::in_order;
  } else if (is_v2(text)) {
    found.format = ChatFormat::deepseek_v2;
  } else if (is_marked(text, found) && is_v31(text)) {
    found.format = ChatFormat::deepseek_v31;
  } else if (is_marked(text, found) && read_v3(text, found)) {
    found.format = ChatFormat::deepseek_v3;
  } else {
    return std::nullopt;
  }
  return found;
}

ChatTemplate load_chat_template(const std::filesystem::path& folder) {
  std::filesystem::path path = folder / "tokenizer_config.json";
  std::error_code error;
  json config = json::object();
  if (std::filesystem::exists(std::filesystem::symlink_status(path, error))) {
    config = read_json_object(path, file_bytes_max);
  }
  std::string text = template_text(config, path);
  if (const auto beside = folder / "chat_template.jinja"; std::filesystem::exists(beside, error)) {
    path = beside;
    text = read_file(path, file_bytes_max);
  }
  ChatTemplate found;
  if (!text.empty()) {
    const auto known = recognise_template(text);
    if (!known) {
      throw UserError(path.string() +
                      ": the chat template is none of DeepSeek-V2, V3, R1, V3.1 or tiny-moe");
    }
    found = *known;
  }
  found.bos = token_text(config, "bos_token");
  found.eos = token_text(config, "eos_token");
  const json add_bos = config.value("add_bos_token", json());
  found.add_bos = add_bos.is_boolean() && add_bos.get<bool>();
  return found;
}

}  // namespace assay::engine
