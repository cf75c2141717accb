#include "backends/openai/failures.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include <curl/curl.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "backends/openai/json_text.h"
#include "harness/utf8.h"

namespace assay {

namespace {

using nlohmann::json;

// What the bodies of refusals have in common, wherever each host puts it.
struct ErrorText {
  std::string message;
  std::string code;     // `code`, or the inner code, or `type`: lower case
  std::string relayed;  // what the host behind the host said, lower case
  bool flagged = false;
};

std::string text_of(const json& object, const char* key) {
  const auto found = object.find(key);
  if (found == object.end() || found->is_null() || found->is_structured()) {
    return {};
  }
  return found->is_string() ? found->get_ref<const std::string&>() : found->dump();
}

std::string lower(std::string text) {
  std::transform(text.begin(), text.end(), text.begin(),
                 [](unsigned char c) { return c < 128 ? static_cast<char>(std::tolower(c)) : c; });
  return text;
}

ErrorText read_error(std::string_view body) {
  ErrorText error;
  const json parsed = parse_bounded(body);
  if (!parsed.is_object()) {
    error.message = one_line(body);
    return error;
  }
  const auto inner = parsed.find("error");
  const json& object = inner != parsed.end() && inner->is_object() ? *inner : parsed;
  error.code = text_of(object, "code") + ' ' + text_of(object, "type");
  if (const auto nested = object.find("innererror");
      nested != object.end() && nested->is_object()) {
    error.code += ' ' + text_of(*nested, "code");
  }
  if (const auto meta = object.find("metadata"); meta != object.end() && meta->is_object()) {
    error.flagged = meta->contains("flagged_input");
    error.relayed = lower(text_of(*meta, "raw"));  // OpenRouter
  }
  error.code = lower(std::move(error.code));
  for (const char* key : {"message", "error", "detail", "msg"}) {
    if (error.message.empty()) {
      error.message = text_of(object, key);
    }
  }
  error.message = one_line(error.message.empty() ? body : std::string_view(error.message));
  return error;
}

template <size_t N>
bool holds_any(const std::string& text, const std::array<std::string_view, N>& words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string::npos; });
}

// Whether one of the words of `text`, which blanks part, is one of `words`.
template <size_t N>
bool is_any_word(std::string_view text, const std::array<std::string_view, N>& words) {
  while (!text.empty()) {
    const size_t end = std::min(text.find(' '), text.size());
    if (std::find(words.begin(), words.end(), text.substr(0, end)) != words.end()) {
      return true;
    }
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return false;
}

// Azure, OpenAI and Moonshot: content_filter, content_policy_violation, moderation_blocked,
// ResponsibleAIPolicyViolation. DashScope: data_inspection_failed. Gemini: content_blocked and the
// words below. Zhipu: 1301. Others can be told by their sentences only: DeepSeek's "Content Exists
// Risk", and those that a host in between relays.
bool is_content_filter(const ErrorText& error) {
  static constexpr std::array<std::string_view, 8> codes = {
      "content_filter",         "content_policy_violation", "responsibleaipolicyviolation",
      "data_inspection_failed", "datainspectionfailed",     "moderation_blocked",
      "content_blocked",        "prohibited_content"};
  static constexpr std::array<std::string_view, 4> words = {"1301", "safety", "blocklist", "spii"};
  static constexpr std::array<std::string_view, 7> sentences = {
      "content exists risk",
      "content management policy",
      "datainspectionfailed",
      "data may contain inappropriate content",
      "rejected because it was considered high risk",
      "limited access to this content for safety reasons",
      "不安全或敏感内容"};
  return error.flagged || holds_any(error.code, codes) || is_any_word(error.code, words) ||
         holds_any(lower(error.message), sentences) || holds_any(error.relayed, sentences) ||
         holds_any(error.relayed, codes);
}

// A quota of a day or of a purse does not come back within a run.
bool is_quota(const ErrorText& error) {
  static constexpr std::array<std::string_view, 3> codes = {"insufficient_quota", "billing",
                                                            "insufficient_balance"};
  static constexpr std::array<std::string_view, 6> messages = {"exceeded your current quota",
                                                               "insufficient balance",
                                                               "per day",
                                                               "per-day",
                                                               "daily limit",
                                                               "daily quota"};
  return holds_any(error.code, codes) || holds_any(lower(error.message), messages);
}

Trouble trouble(int status, const ErrorText& error) {
  Trouble found;
  found.message = status == 0 ? error.message
                              : fmt::format("HTTP {}{}{}", status,
                                            error.message.empty() ? "" : ": ", error.message);
  const bool input_judged =
      status == 0 || status == 400 || status == 403 || status == 422 || status == 451;
  if (input_judged && is_content_filter(error)) {
    found.content_filter = true;
    found.try_again = false;
  } else if ((status == 429 || status == 0 || status == 403) && is_quota(error)) {
    found.kind = Failure::refused_input;
  } else if (status == 425 || status == 429 || status == 503 || status == 529) {
    found.kind = Failure::overloaded;
  } else if (status == 408) {
    found.kind = Failure::disconnected;
  } else if (status == 409 || status == 0 || (status >= 500 && status != 501 && status != 505)) {
    found.kind = Failure::failed;
  } else {
    found.kind = Failure::refused_input;
  }
  if (found.kind == Failure::refused_input) {
    found.try_again = false;
  }
  return found;
}

std::optional<double> number(std::string_view text) {
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || !std::isfinite(value) ||
      value < 0) {
    return std::nullopt;
  }
  return value;
}

}  // namespace

Trouble trouble_of_status(int status, std::string_view body) {
  Trouble found = trouble(status, read_error(body));
  if (status >= 300 && status < 400) {
    found.message += " (redirects are not followed, so that a key goes nowhere else)";
  }
  return found;
}

Trouble trouble_of_error_text(std::string_view json_text) {
  // Hosts put the status they would have sent into `code` when the stream has already begun.
  const json parsed = parse_bounded(json_text);
  int status = 0;
  if (parsed.is_object() && parsed.contains("error") && parsed["error"].is_object()) {
    const std::string code = text_of(parsed["error"], "code");
    const std::optional<double> value = number(code);
    status = value && *value >= 400 && *value < 600 ? static_cast<int>(*value) : 0;
  }
  return trouble(status, read_error(json_text));
}

std::optional<double> asked_wait(const WaitHeaders& headers, double unix_time_s) {
  if (const auto milliseconds = number(headers.retry_after_ms)) {
    return *milliseconds / 1000;
  }
  if (const auto seconds = number(headers.retry_after)) {
    return seconds;
  }
  if (!headers.retry_after.empty()) {
    const time_t date = curl_getdate(headers.retry_after.c_str(), nullptr);
    if (date >= 0) {
      return std::max(0.0, static_cast<double>(date) - unix_time_s);
    }
  }
  const double reset_s = used_up_for_s(headers);
  return reset_s > 0 ? std::optional<double>(reset_s) : std::nullopt;
}

double used_up_for_s(const WaitHeaders& headers) {
  double reset_s = 0;
  if (headers.remaining_requests == "0") {
    reset_s = std::max(reset_s, parse_duration_s(headers.reset_requests).value_or(0));
  }
  if (headers.remaining_tokens == "0") {
    reset_s = std::max(reset_s, parse_duration_s(headers.reset_tokens).value_or(0));
  }
  return reset_s;
}

std::optional<double> parse_duration_s(std::string_view text) {
  if (text.empty()) {
    return std::nullopt;
  }
  double total_s = 0;
  while (!text.empty()) {
    const size_t digits = std::min(text.find_first_not_of("0123456789."), text.size());
    const auto value = number(text.substr(0, digits));
    if (!value) {
      return std::nullopt;
    }
    text.remove_prefix(digits);
    const size_t letters = std::min(text.find_first_of("0123456789."), text.size());
    const std::string_view unit = text.substr(0, letters);
    text.remove_prefix(letters);
    if (unit == "ms") {
      total_s += *value / 1000;
    } else if (unit == "s" || unit.empty()) {
      total_s += *value;
    } else if (unit == "m") {
      total_s += *value * 60;
    } else if (unit == "h") {
      total_s += *value * 3600;
    } else if (unit == "d") {
      total_s += *value * 86400;
    } else {
      return std::nullopt;
    }
  }
  return total_s;
}

}  // namespace assay
