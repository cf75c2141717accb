#include <algorithm>
#include <stdexcept>

#include <fmt/core.h>

#include "harness/codec.h"
#include "reports/escape.h"
#include "reports/format.h"
#include "reports/html_data.h"

namespace assay {

namespace {

constexpr std::size_t brief_bytes_max = 160;
constexpr std::size_t field_bytes_max = 1000;
constexpr std::size_t readings_max = 16;
constexpr std::size_t messages_max = 40;

std::string brief(std::string_view text) {
  std::string line = visible_text(text, brief_bytes_max);
  std::replace(line.begin(), line.end(), '\n', ' ');
  return line.size() < text.size() ? line + "…" : line;
}

SampleClass class_of(const SampleRecord& sample) {
  if (sample.response.finish == Finish::failed) {
    return SampleClass::failed;
  }
  if (!sample.verdict.value) {
    return SampleClass::unscored;
  }
  return *sample.verdict.value >= 1 ? SampleClass::right : SampleClass::wrong;
}

PageData message(std::string_view role, std::string_view content, std::size_t bytes_max) {
  PageData data;
  set_text(data, "role", role);
  set_text(data, "content", bounded_text(content, bytes_max));
  return data;
}

// Messages, plain text, or token ids; what is of no known form is shown as it is.
PageData messages_of(const std::string& prompt_json, std::size_t bytes_max) {
  PageData list(PageData::type::list);
  Prompt prompt;
  try {
    prompt = parse_body(prompt_json);
  } catch (const std::invalid_argument&) {
    list.push_back(message(prompt_json.empty() ? "not stored" : "", prompt_json, bytes_max));
    return list;
  }
  for (std::size_t i = 0; i < std::min(prompt.messages.size(), messages_max); ++i) {
    list.push_back(
        message(to_text(prompt.messages[i].role), prompt.messages[i].content, bytes_max));
  }
  if (prompt.messages.size() > messages_max) {
    list.push_back(message(
        "", fmt::format("[{} more messages]", prompt.messages.size() - messages_max), bytes_max));
  } else if (prompt.messages.empty()) {
    const bool tokens = prompt.text.empty() && !prompt.tokens.empty();
    list.push_back(tokens ? message("token ids", prompt_json, bytes_max)
                          : message("continued", prompt.text, bytes_max));
  }
  return list;
}

// A share in between is a share of something, such as of the facts that are listed.
std::string reading_in_words(const std::optional<double>& value) {
  if (!value) {
    return "not scored";
  }
  return *value >= 1 ? "right" : *value <= 0 ? "wrong" : format_percent(*value);
}

PageData readings_of(const Verdict& verdict) {
  PageData list(PageData::type::list);
  for (std::size_t i = 0; i < std::min(verdict.readings.size(), readings_max); ++i) {
    const Reading& reading = verdict.readings[i];
    PageData data;
    set_text(data, "convention", reading.convention);
    set_text(data, "verdict", reading_in_words(reading.value));
    if (!reading.extracted.empty()) {
      set_text(data, "extracted", bounded_text(reading.extracted, field_bytes_max));
    } else {
      data.set("extracted", false);
    }
    list.push_back(data);
  }
  return list;
}

std::string meta_of(const RunRecord& run, const SampleRecord& sample) {
  const Response& response = sample.response;
  std::string meta = fmt::format("finish {}", to_text(response.finish));
  const auto add = [&](const std::string& text) { meta += " · " + text; };
  if (response.failure != Failure::none) {
    add(std::string(to_text(response.failure)));
  }
  if (response.http_status != 0) {
    add(fmt::format("HTTP {}", response.http_status));
  }
  add(format_seconds(response.timings.latency_s));
  if (response.timings.ttft_s) {
    add("TTFT " + format_seconds(*response.timings.ttft_s));
  }
  if (response.timings.waited_s > 0) {
    add("waited " + format_seconds(response.timings.waited_s));
  }
  if (response.timings.attempts > 1) {
    add(fmt::format("{} attempts", response.timings.attempts));
  }
  if (response.usage.prompt_tokens) {
    add(format_count(*response.usage.prompt_tokens) + " prompt tokens");
  }
  if (response.usage.completion_tokens) {
    add(format_count(*response.usage.completion_tokens) + " output tokens");
  }
  if (response.usage.reasoning_tokens) {
    add(format_count(*response.usage.reasoning_tokens) + " of them reasoning");
  }
  if (sample.cost_usd) {
    add(format_usd(*sample.cost_usd));
  }
  if (!response.served_model.empty()) {
    add("served by " + visible_text(response.served_model, field_bytes_max));
  }
  if (sample.from_cache) {
    add("answer and times from an earlier run");
  }
  add(fmt::format("assay show {} {}.{}", run.id, sample.key.position, sample.key.sample_index));
  return meta;
}

// A section of the template that is left out where `text` is empty.
void set_field(PageData& data, const std::string& name, std::string_view text) {
  data.set("has_" + name, !text.empty());
  set_text(data, name, bounded_text(text, field_bytes_max));
}

// A text that is its own section: false where it is empty.
void set_section(PageData& data, const std::string& name, const std::string& text) {
  if (text.empty()) {
    data.set(name, false);
  } else {
    set_text(data, name, text);
  }
}

}  // namespace

PageData sample_data(const Reader& reader, const RunRecord& run, const SampleRecord& sample,
                     std::size_t text_bytes_max) {
  const QuestionRecord question = reader.question(sample.question_id);
  const Response& response = sample.response;
  const Verdict& verdict = sample.verdict;
  const bool failed = response.finish == Finish::failed;
  PageData data;
  set_text(data, "run", std::to_string(run.id));
  set_text(data, "position", std::to_string(sample.key.position));
  set_text(data, "index", std::to_string(sample.key.sample_index));
  data.set("repeated", run.samples > 1);
  const auto language = question.tags.find("language");
  if (language != question.tags.end() && language->second == "zh") {
    data.set("lang", "zh-Hans");  // or a browser may choose Japanese forms of the characters
  } else {
    data.set("lang", false);
  }
  set_text(data, "class", to_text(class_of(sample)));
  set_text(data, "key", brief(question.key));
  set_text(data, "brief", brief(question.text));
  set_field(data, "extracted", verdict.extracted);
  set_text(data, "extracted_brief", brief(verdict.extracted));
  set_text(data, "nothing", failed ? to_text(response.failure) : "no answer found");
  set_field(data, "gold", question.gold);
  set_text(data, "gold_brief", brief(question.gold));
  set_text(data, "label", verdict.label.empty() ? to_text(class_of(sample)) : verdict.label);
  const bool graded = verdict.value && *verdict.value > 0 && *verdict.value < 1;
  set_section(data, "value", graded ? fmt::format("{:.3g}", *verdict.value) : "");
  set_section(data, "reason", bounded_text(verdict.reason, field_bytes_max));
  set_section(data, "error", bounded_text(response.error, field_bytes_max));
  data.set("has_readings", !verdict.readings.empty());
  data.set("readings", readings_of(verdict));
  data.set("messages", messages_of(reader.prompt_json(sample.prompt_hash), text_bytes_max));
  set_section(data, "reasoning", bounded_text(response.reasoning, text_bytes_max));
  set_text(data, "reasoning_size",
           format_count(static_cast<std::int64_t>(response.reasoning.size())) + " bytes");
  data.set("has_answer", !response.text.empty());
  set_text(data, "answer", bounded_text(response.text, text_bytes_max));
  set_text(data, "no_answer",
           failed ? "None: the request failed." : "Empty: the model ended without one.");
  set_text(data, "meta", meta_of(run, sample));
  return data;
}

}  // namespace assay
