#include "backends/openai/answer.h"

#include <array>
#include <limits>
#include <utility>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "backends/openai/json_text.h"

namespace assay {

namespace {

using nlohmann::json;

constexpr std::string_view think_open = "<think>";
constexpr std::string_view think_close = "</think>";
constexpr std::string_view blanks = " \t\r\n";

const json* member(const json& object, const char* key) {
  const auto found = object.find(key);
  return found == object.end() || found->is_null() ? nullptr : &*found;
}

std::optional<int> count(const json& object, const char* key) {
  const json* value = member(object, key);
  if (value == nullptr || !value->is_number()) {
    return std::nullopt;
  }
  const double number = value->get<double>();
  if (!(number >= 0 && number <= std::numeric_limits<int>::max())) {
    return std::nullopt;
  }
  return static_cast<int>(number);
}

std::optional<int> nested_count(const json& object, const char* outer, const char* inner) {
  const json* details = member(object, outer);
  return details != nullptr && details->is_object() ? count(*details, inner) : std::nullopt;
}

void replace_if(std::optional<int>& target, std::optional<int> value) {
  if (value) {
    target = value;
  }
}

// OpenAI's names, and where they differ DeepSeek's.
void read_usage(const json& usage, Usage& out) {
  if (!usage.is_object()) {
    return;
  }
  replace_if(out.prompt_tokens, count(usage, "prompt_tokens"));
  replace_if(out.completion_tokens, count(usage, "completion_tokens"));
  replace_if(out.reasoning_tokens, count(usage, "reasoning_tokens"));
  replace_if(out.reasoning_tokens,
             nested_count(usage, "completion_tokens_details", "reasoning_tokens"));
  replace_if(out.cached_tokens, count(usage, "prompt_cache_hit_tokens"));
  replace_if(out.cached_tokens, nested_count(usage, "prompt_tokens_details", "cached_tokens"));
}

bool starts_with_think(std::string_view text) {
  const size_t start = text.find_first_not_of(blanks);
  return start != std::string_view::npos && text.substr(start).starts_with(think_open);
}

std::string trimmed(std::string_view text) {
  const size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) {
    return {};
  }
  return std::string(text.substr(first, text.find_last_not_of(blanks) - first + 1));
}

Finish finish_of(std::string_view reason) {
  if (reason == "length" || reason == "max_tokens" || reason == "model_length") {
    return Finish::length;
  }
  if (reason == "content_filter" || reason == "sensitive" || reason == "safety") {
    return Finish::content_filter;
  }
  // vLLM and SGLang give up with "abort", OpenRouter with "error", DeepSeek with its own phrase.
  if (reason == "abort" || reason == "error" || reason == "insufficient_system_resource") {
    return Finish::failed;
  }
  return Finish::stop;
}

}  // namespace

// Reads parsed values into an AnswerReader. Every method returns false, and has noted why, where a
// value is not of the type that the API promises.
struct AnswerReader::Json {
  AnswerReader& reader;

  bool wrong(const char* what) const {
    reader.fail(Failure::failed, fmt::format("the answer is malformed: {}", what));
    return false;
  }

  // A text, null, or the array of parts that some hosts send ([{"type":"text","text":...}], and
  // Mistral's {"type":"thinking","thinking":[...]}).
  bool text(const json& value, std::string& out, std::string& thinking) const {
    if (value.is_null()) {
      return true;
    }
    if (value.is_string()) {
      out += value.get_ref<const std::string&>();
      return true;
    }
    if (!value.is_array()) {
      return wrong("content is neither a text nor a list of parts");
    }
    for (const json& part : value) {
      if (!part.is_object()) {
        return wrong("a part of content is no object");
      }
      const json* words = member(part, "text");
      const json* thoughts = member(part, "thinking");
      if (words != nullptr && words->is_string()) {
        out += words->get_ref<const std::string&>();
      } else if (thoughts != nullptr && (thoughts->is_string() || thoughts->is_array())) {
        if (!text(*thoughts, thinking, thinking)) {
          return false;
        }
      } else {
        return wrong("a part of content has no text");
      }
    }
    return true;
  }

  bool message(const json& value) const {
    if (!value.is_object()) {
      return wrong("the message is no object");
    }
    for (const char* key : {"reasoning_content", "reasoning"}) {
      const json* reasoning = member(value, key);
      if (reasoning != nullptr) {
        if (!reasoning->is_string()) {
          return wrong("the reasoning is no text");
        }
        reader.response_.reasoning += reasoning->get_ref<const std::string&>();
        break;  // hosts that send both send the same twice
      }
    }
    if (const json* content = member(value, "content")) {
      return text(*content, reader.response_.text, reader.response_.reasoning);
    }
    // OpenAI's refusals are words of the model, to be judged like any other.
    if (const json* refusal = member(value, "refusal");
        refusal != nullptr && refusal->is_string()) {
      reader.response_.text += refusal->get_ref<const std::string&>();
    }
    return true;
  }

  void chat_logprobs(const json& list) const {
    for (const json& entry : list) {
      TokenLogprob token;
      if (!logprob(entry, token.token, token.logprob)) {
        continue;
      }
      if (const json* top = member(entry, "top_logprobs"); top != nullptr && top->is_array()) {
        for (const json& other : *top) {
          std::pair<std::string, double> pair;
          if (logprob(other, pair.first, pair.second)) {
            token.top.push_back(std::move(pair));
          }
        }
      }
      reader.response_.logprobs.push_back(std::move(token));
    }
  }

  static bool logprob(const json& entry, std::string& token, double& value) {
    if (!entry.is_object()) {
      return false;
    }
    const json* name = member(entry, "token");
    const json* number = member(entry, "logprob");
    if (name == nullptr || number == nullptr || !name->is_string() || !number->is_number()) {
      return false;
    }
    token = name->get<std::string>();
    value = number->get<double>();
    return true;
  }

  // The completions endpoint: parallel arrays.
  void text_logprobs(const json& object) const {
    const json* tokens = member(object, "tokens");
    const json* values = member(object, "token_logprobs");
    const json* tops = member(object, "top_logprobs");
    if (tokens == nullptr || values == nullptr || !tokens->is_array() || !values->is_array()) {
      return;
    }
    for (size_t i = 0; i < tokens->size() && i < values->size(); ++i) {
      if (!(*tokens)[i].is_string() || !(*values)[i].is_number()) {
        continue;  // the first token of an echoed prompt has no probability
      }
      TokenLogprob token{.token = (*tokens)[i].get<std::string>(),
                         .logprob = (*values)[i].get<double>()};
      if (tops != nullptr && tops->is_array() && i < tops->size() && (*tops)[i].is_object()) {
        for (const auto& [name, value] : (*tops)[i].items()) {
          if (value.is_number()) {
            token.top.emplace_back(name, value.get<double>());
          }
        }
      }
      reader.response_.logprobs.push_back(std::move(token));
    }
  }

  bool choice(const json& value) const {
    if (!value.is_object()) {
      return wrong("the choice is no object");
    }
    if (const json* index = member(value, "index");
        index != nullptr && index->is_number() && index->get<double>() != 0) {
      return true;  // one answer was asked for
    }
    const json* body = member(value, reader.streamed_ ? "delta" : "message");
    const json* plain = member(value, "text");
    if (body != nullptr) {
      if (!message(*body)) {
        return false;
      }
    } else if (plain != nullptr) {
      if (!plain->is_string()) {
        return wrong("the text is no text");
      }
      reader.response_.text += plain->get_ref<const std::string&>();
    } else if (!reader.streamed_) {
      return wrong("the choice has neither message nor text");
    }
    reader.has_choice_ = true;
    if (const json* logprobs = member(value, "logprobs");
        logprobs != nullptr && logprobs->is_object()) {
      const json* content = member(*logprobs, "content");
      content != nullptr && content->is_array() ? chat_logprobs(*content)
                                                : text_logprobs(*logprobs);
    }
    if (const json* reason = member(value, "finish_reason")) {
      if (!reason->is_string()) {
        return wrong("finish_reason is no text");
      }
      reader.has_finish_ = true;
      reader.finish_reason_ = reason->get<std::string>();
    }
    return true;
  }

  bool object(const json& value) const {
    if (!value.is_object()) {
      return wrong("not a JSON object");
    }
    if (const json* model = member(value, "model"); model != nullptr && model->is_string()) {
      reader.response_.served_model = model->get_ref<const std::string&>();
    }
    if (const json* usage = member(value, "usage")) {
      read_usage(*usage, reader.response_.usage);
    }
    const json* choices = member(value, "choices");
    if (choices == nullptr) {
      return reader.streamed_ || wrong("no choices");
    }
    if (!choices->is_array()) {
      return wrong("choices is no list");
    }
    for (const json& one : *choices) {
      if (!choice(one)) {
        return false;
      }
    }
    return true;
  }
};

void AnswerReader::reset(const AnswerForm& form) {
  form_ = form;
  response_ = Response{};
  trouble_ = Trouble{};
  finish_reason_.clear();
  troubled_ = done_ = streamed_ = has_choice_ = has_finish_ = false;
  think_scanned_ = 0;
}

void AnswerReader::fail(Failure kind, std::string_view message) {
  troubled_ = true;
  trouble_ = {.kind = kind, .message = std::string(message)};
}

void AnswerReader::whole(std::string_view text) {
  const json parsed = parse_bounded(text);
  if (parsed.is_discarded()) {
    fail(Failure::failed, "the answer is malformed: not JSON: " + one_line(text.substr(0, 80)));
    return;
  }
  if (parsed.is_object() && member(parsed, "error") != nullptr) {
    troubled_ = true;
    trouble_ = trouble_of_error_text(text);
    return;
  }
  Json{*this}.object(parsed);
}

void AnswerReader::event(std::string_view data, double at_s) {
  streamed_ = true;
  if (ended()) {
    return;
  }
  if (data == "[DONE]") {
    done_ = true;
    return;
  }
  const json parsed = parse_bounded(data);
  if (parsed.is_discarded()) {
    fail(Failure::failed, "the stream is malformed: not JSON: " + one_line(data.substr(0, 80)));
    return;
  }
  if (parsed.is_object() && member(parsed, "error") != nullptr) {
    troubled_ = true;
    trouble_ = trouble_of_error_text(data);
    return;
  }
  const size_t text_before = response_.text.size();
  const size_t reasoning_before = response_.reasoning.size();
  if (!Json{*this}.object(parsed)) {
    return;
  }
  const bool more_text = response_.text.size() > text_before;
  if ((more_text || response_.reasoning.size() > reasoning_before) && !response_.timings.ttft_s) {
    response_.timings.ttft_s = at_s;
  }
  if (more_text) {
    note_content(at_s);
  }
}

void AnswerReader::note_content(double at_s) {
  std::optional<double>& first = response_.timings.first_answer_s;
  const std::string_view text = response_.text;
  if (!form_.chat || !form_.split_think) {
    first = first ? first : at_s;
    return;
  }
  const size_t close = text.find(think_close, think_scanned_);
  if (close != std::string_view::npos) {
    first.reset();  // whatever came before it was thinking
    think_scanned_ = close + think_close.size();
    if (text.find_first_not_of(blanks, think_scanned_) != std::string_view::npos) {
      first = at_s;
    }
    return;
  }
  if (first) {
    return;
  }
  const size_t start = text.find_first_not_of(blanks);
  const bool may_be_thinking = start == std::string_view::npos ||
                               think_open.starts_with(text.substr(start)) ||
                               text.substr(start).starts_with(think_open);
  const bool thought = think_scanned_ > 0 && text.substr(0, think_scanned_).ends_with(think_close);
  const bool answers =
      thought ? text.find_first_not_of(blanks, think_scanned_) != std::string_view::npos
              : !may_be_thinking;
  if (answers) {
    first = at_s;
  }
}

void AnswerReader::split_reasoning() {
  std::string& text = response_.text;
  const size_t close = text.find(think_close);
  if (close == std::string::npos) {
    if (starts_with_think(text)) {  // cut off while thinking: there is no answer
      response_.reasoning +=
          trimmed(std::string_view(text).substr(text.find(think_open) + think_open.size()));
      text.clear();
    }
    return;
  }
  // Some templates put <think> into the prompt, so that only its end is in the answer.
  std::string_view thinking = std::string_view(text).substr(0, close);
  if (starts_with_think(thinking)) {
    thinking.remove_prefix(thinking.find(think_open) + think_open.size());
  }
  response_.reasoning += trimmed(thinking);
  const size_t start = text.find_first_not_of(blanks, close + think_close.size());
  text.erase(0, start == std::string::npos ? text.size() : start);
}

bool AnswerReader::finish(Response& response, Trouble& trouble) {
  const bool empty = response_.text.empty() && response_.reasoning.empty();
  if (!troubled_ && (!has_choice_ || (streamed_ && done_ && !has_finish_ && empty))) {
    fail(streamed_ && !done_ ? Failure::disconnected : Failure::failed,
         "the answer is empty: it holds no text and no reason");
  } else if (!troubled_ && streamed_ && !done_ && !has_finish_) {
    fail(Failure::disconnected, "the stream ended before the answer did");
  } else if (!troubled_ && has_finish_ && finish_of(finish_reason_) == Finish::failed) {
    fail(finish_reason_ == "insufficient_system_resource" ? Failure::overloaded : Failure::failed,
         "the host gave up: finish_reason " + one_line(finish_reason_));
  }
  if (troubled_) {
    trouble = trouble_;
    return false;
  }
  if (form_.chat && form_.split_think) {
    split_reasoning();
  }
  response = std::move(response_);
  response.finish = finish_of(finish_reason_);
  return true;
}

}  // namespace assay
