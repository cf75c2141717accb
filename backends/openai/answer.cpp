#include "backends/openai/answer.h"

#include <algorithm>
#include <array>
#include <iterator>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/core.h>

#include "backends/openai/json_reader.h"
#include "harness/utf8.h"

namespace assay {

namespace {

constexpr std::string_view think_open = "<think>";
constexpr std::string_view think_close = "</think>";
constexpr std::string_view blanks = " \t\r\n";

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
  // Zhipu and Hunyuan say "sensitive", hosts of Gemini "SAFETY" or "content_filter: SAFETY" and the
  // like, those of Claude "refusal", which is its host's filter and not the model's words.
  static constexpr std::array<std::string_view, 6> withheld = {
      "sensitive", "safety", "prohibited_content", "blocklist", "spii", "refusal"};
  std::string word(reason.substr(0, 32));
  std::transform(word.begin(), word.end(), word.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  if (word.starts_with("content_filter") ||
      std::find(withheld.begin(), withheld.end(), word) != withheld.end()) {
    return Finish::content_filter;
  }
  // vLLM and SGLang give up with "abort", OpenRouter with "error", DeepSeek with its own phrase.
  if (reason == "abort" || reason == "error" || reason == "insufficient_system_resource") {
    return Finish::failed;
  }
  return Finish::stop;
}

}  // namespace

// Reads JSON into an AnswerReader. What is not of the type that the API promises is noted as a
// failure where the answer depends on it, and overlooked where it does not.
struct AnswerReader::Json {
  AnswerReader& reader;
  JsonReader& in;

  // One choice, whole: its index may come after its text.
  struct Choice {
    double index = 0;
    bool has_body = false;
    bool has_finish = false;
    std::string text, reasoning, other_reasoning, refusal, finish;
    std::vector<TokenLogprob> logprobs;
  };

  void wrong(const char* what) const {
    if (!reader.troubled_) {
      reader.fail(Failure::failed, fmt::format("the answer is malformed: {}", what));
    }
  }

  void text_or_null(std::string& out, const char* what) const {
    const JsonKind kind = in.kind();
    if (kind == JsonKind::string) {
      out.clear();
      in.string(out);
    } else if (kind != JsonKind::null) {
      wrong(what);
    }
  }

  std::optional<int> count() const {
    double number = 0;
    if (!in.number(number) || !(number >= 0 && number <= std::numeric_limits<int>::max())) {
      return std::nullopt;
    }
    return static_cast<int>(number);
  }

  // OpenAI's names, and where they differ DeepSeek's.
  void usage() const {
    Usage& out = reader.response_.usage;
    const auto set = [&](std::optional<int>& target) {
      const std::optional<int> value = count();
      target = value ? value : target;
    };
    in.object([&](std::string_view key) {
      if (key == "prompt_tokens") {
        set(out.prompt_tokens);
      } else if (key == "completion_tokens") {
        set(out.completion_tokens);
      } else if (key == "reasoning_tokens") {
        set(out.reasoning_tokens);
      } else if (key == "prompt_cache_hit_tokens") {
        set(out.cached_tokens);
      } else if (key == "completion_tokens_details" || key == "prompt_tokens_details") {
        in.object([&](std::string_view inner) {
          if (inner == "reasoning_tokens") {
            set(out.reasoning_tokens);
          } else if (inner == "cached_tokens") {
            set(out.cached_tokens);
          }
        });
      }
    });
  }

  // A text, null, or the list of parts that some hosts send ([{"type":"text","text":...}], and
  // Mistral's {"type":"thinking","thinking":[...]}).
  void content(std::string& out, std::string& thinking) const {
    if (in.kind() == JsonKind::string) {
      in.string(out);
      return;
    }
    if (in.kind() == JsonKind::null) {
      return;
    }
    if (in.kind() != JsonKind::array) {
      wrong("content is neither a text nor a list of parts");
      return;
    }
    in.array([&] {
      bool has_text = false;
      const bool is_object = in.object([&](std::string_view key) {
        if (key == "text" && in.kind() == JsonKind::string) {
          has_text = in.string(out);
        } else if (key == "thinking") {
          has_text = true;
          content(thinking, thinking);
        }
      });
      if (!is_object || !has_text) {
        wrong("a part of content has no text");
      }
    });
  }

  void message(Choice& choice) const {
    if (in.kind() == JsonKind::null) {
      return;
    }
    choice.has_body = true;
    const bool is_object = in.object([&](std::string_view key) {
      if (key == "content") {
        content(choice.text, choice.reasoning);
      } else if (key == "reasoning_content") {
        text_or_null(choice.reasoning, "the reasoning is no text");
      } else if (key == "reasoning") {
        text_or_null(choice.other_reasoning, "the reasoning is no text");
      } else if (key == "refusal" && in.kind() == JsonKind::string) {
        in.string(choice.refusal);
      }
    });
    if (!is_object) {
      wrong("the message is no object");
    }
  }

  bool token_logprob(TokenLogprob& out, bool with_top) const {
    bool has_token = false;
    bool has_value = false;
    in.object([&](std::string_view key) {
      if (key == "token") {
        has_token = in.string(out.token);
      } else if (key == "logprob") {
        has_value = in.number(out.logprob);
      } else if (key == "top_logprobs" && with_top) {
        in.array([&] {
          TokenLogprob other;
          if (token_logprob(other, false)) {
            out.top.emplace_back(std::move(other.token), other.logprob);
          }
        });
      }
    });
    return has_token && has_value;
  }

  // The completions endpoint sends parallel lists, whose entries are null where there is nothing to
  // tell (the first token of an echoed prompt has no probability).
  struct TokenLists {
    std::vector<std::optional<std::string>> tokens;
    std::vector<std::optional<double>> values;
    std::vector<std::vector<std::pair<std::string, double>>> tops;
  };

  void top_entry(TokenLists& lists) const {
    auto& top = lists.tops.emplace_back();
    in.object([&](std::string_view key) {
      std::string name(key);
      double value = 0;
      if (in.number(value)) {
        top.emplace_back(std::move(name), value);
      }
    });
  }

  void logprobs(std::vector<TokenLogprob>& out) const {
    TokenLists lists;
    in.object([&](std::string_view key) {
      if (key == "content") {
        in.array([&] {
          TokenLogprob token;
          if (token_logprob(token, true)) {
            out.push_back(std::move(token));
          }
        });
      } else if (key == "tokens") {
        in.array([&] {
          std::string token;
          const bool good = in.string(token);
          lists.tokens.push_back(good ? std::optional(std::move(token)) : std::nullopt);
        });
      } else if (key == "token_logprobs") {
        in.array([&] {
          double value = 0;
          const bool good = in.number(value);
          lists.values.push_back(good ? std::optional(value) : std::nullopt);
        });
      } else if (key == "top_logprobs") {
        in.array([&] { top_entry(lists); });
      }
    });
    for (size_t i = 0; i < std::min(lists.tokens.size(), lists.values.size()); ++i) {
      if (lists.tokens[i] && lists.values[i]) {
        out.push_back({.token = std::move(*lists.tokens[i]), .logprob = *lists.values[i]});
        if (i < lists.tops.size()) {
          out.back().top = std::move(lists.tops[i]);
        }
      }
    }
  }

  void choice() const {
    Choice read;
    const bool is_object = in.object([&](std::string_view key) {
      if (key == "message" || key == "delta") {
        message(read);
      } else if (key == "text") {
        read.has_body = read.has_body || in.kind() == JsonKind::string;
        text_or_null(read.text, "the text is no text");
      } else if (key == "finish_reason") {
        read.has_finish = in.kind() == JsonKind::string;
        text_or_null(read.finish, "finish_reason is no text");
      } else if (key == "logprobs") {
        logprobs(read.logprobs);
      } else if (key == "index") {
        in.number(read.index);
      }
    });
    if (!is_object) {
      wrong("the choice is no object");
    } else if (!read.has_body && !reader.streamed_) {
      wrong("the choice has neither message nor text");
    } else if (read.index == 0) {  // only one answer was asked for
      take(std::move(read));
    }
  }

  void take(Choice&& read) const {
    Response& out = reader.response_;
    // Hosts that send both names send the same twice.
    out.reasoning += read.reasoning.empty() ? read.other_reasoning : read.reasoning;
    // OpenAI's refusals are words of the model, to be judged like any other.
    out.text += read.text.empty() ? read.refusal : read.text;
    std::move(read.logprobs.begin(), read.logprobs.end(), std::back_inserter(out.logprobs));
    reader.has_choice_ = true;
    if (read.has_finish) {
      reader.has_finish_ = true;
      reader.finish_reason_ = std::move(read.finish);
    }
  }

  // False: there is an error in place of an answer.
  bool top() const {
    bool has_choices = false;
    bool has_error = false;
    const bool is_object = in.object([&](std::string_view key) {
      if (key == "choices" && in.kind() != JsonKind::null) {
        has_choices = true;
        if (!in.array([&] { choice(); })) {
          wrong("choices is no list");
        }
      } else if (key == "usage") {
        usage();
      } else if (key == "model" && in.kind() == JsonKind::string) {
        reader.response_.served_model.clear();
        in.string(reader.response_.served_model);
      } else if (key == "error") {
        has_error = in.kind() != JsonKind::null;
      }
    });
    if (has_error) {
      return false;
    }
    if (!is_object && !in.failed()) {
      in.skip();
    }
    if (!is_object && !in.failed()) {
      wrong("not a JSON object");
    } else if (!has_choices && !reader.streamed_) {
      wrong("no choices");
    }
    return true;
  }
};

void AnswerReader::read(std::string_view text) {
  JsonReader in(text);
  const bool answers = Json{*this, in}.top();
  if (!in.finish()) {
    troubled_ = false;  // what was noted so far follows from this
    fail(Failure::failed,
         fmt::format("the {} is malformed: not JSON: {}", streamed_ ? "stream" : "answer",
                     one_line(text.substr(0, 80))));
  } else if (!answers) {
    troubled_ = true;
    trouble_ = trouble_of_error_text(text);
  }
}

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
  read(text);
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
  const size_t text_before = response_.text.size();
  const size_t reasoning_before = response_.reasoning.size();
  read(data);
  if (troubled_) {
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
