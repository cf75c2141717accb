#include "harness/generate.h"

#include <deque>
#include <filesystem>
#include <fstream>
#include <optional>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/clock.h"
#include "harness/codec.h"
#include "harness/error.h"
#include "harness/interrupt.h"
#include "harness/jsonl.h"
#include "harness/window.h"

namespace assay {

namespace {

using Json = nlohmann::json;

constexpr double look_up_s = 0.2;  // how often a waiting loop looks at interrupts and the clock
constexpr std::size_t out_of_order_factor =
    4;  // answers that wait for an earlier one, as a multiple of in flight

std::string dump(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

template <class T>
void take(const Json& row, const char* field, T& value) {
  const auto at = row.find(field);
  if (at != row.end() && !at->is_null()) {
    value = at->get<T>();
  }
}

Sampling sampling_of(const Json& row, Sampling sampling) {
  take(row, "temperature", sampling.temperature);
  take(row, "top_p", sampling.top_p);
  take(row, "top_k", sampling.top_k);
  take(row, "max_tokens", sampling.max_tokens);
  take(row, "stop", sampling.stop);
  if (row.contains("seed") && !row.at("seed").is_null()) {
    sampling.seed = row.at("seed").get<std::uint64_t>();
  }
  if (sampling.temperature < 0 || sampling.top_p <= 0 || sampling.top_p > 1 || sampling.top_k < 0 ||
      sampling.max_tokens < 1) {
    throw UserError("temperature, top_p, top_k or max_tokens is out of range");
  }
  return sampling;
}

Prompt prompt_of(const Json& row, const Sampling& sampling) {
  const int forms =
      static_cast<int>(row.count("prompt") + row.count("messages") + row.count("tokens"));
  if (forms != 1) {
    throw UserError("a row needs exactly one of 'prompt', 'messages' and 'tokens'");
  }
  try {
    Prompt prompt = parse_body(dump(row));
    if (prompt.messages.empty() && prompt.text.empty() && prompt.tokens.empty()) {
      throw UserError("the prompt is empty");
    }
    prompt.sampling = sampling_of(row, sampling);
    take(row, "sample_index", prompt.sample_index);
    return prompt;
  } catch (const std::invalid_argument& error) {
    throw UserError(error.what());
  } catch (const Json::exception& error) {
    throw UserError(error.what());
  }
}

template <class T>
void put_if(Json& json, const char* key, const std::optional<T>& value) {
  if (value) {
    json[key] = *value;
  }
}

Json row_of(const Response& response) {
  if (response.finish == Finish::failed) {
    return {{"failure", to_text(response.failure)}, {"error", response.error}};
  }
  Json row = {{"text", response.text}, {"finish", to_text(response.finish)}};
  if (!response.reasoning.empty()) {
    row["reasoning"] = response.reasoning;
  }
  if (!response.tokens.empty()) {
    row["tokens"] = response.tokens;
  }
  if (!response.logprobs.empty()) {
    row["logprobs"] = Json::parse(to_json(response.logprobs));
  }
  if (!response.details.empty()) {
    row["details"] = Json::parse(response.details, nullptr, false);
  }
  Json usage = Json::object();
  put_if(usage, "prompt_tokens", response.usage.prompt_tokens);
  put_if(usage, "completion_tokens", response.usage.completion_tokens);
  put_if(usage, "reasoning_tokens", response.usage.reasoning_tokens);
  put_if(usage, "cached_tokens", response.usage.cached_tokens);
  if (!usage.empty()) {
    row["usage"] = std::move(usage);
  }
  row["latency_s"] = response.timings.latency_s;
  put_if(row, "ttft_s", response.timings.ttft_s);
  return row;
}

struct Ticket {
  std::size_t index = 0;  // of the row among those that this command asks
  Json id;                // null: none
};

// Puts rows that are ready in any order into the order of the input. Failed rows wait until
// something after them succeeds, so that those at the end of a server that went away can be left
// out.
class OrderedOutput {
 public:
  explicit OrderedOutput(std::ostream& out) : out_(out) {}

  std::size_t reserve() {
    rows_.emplace_back();
    return first_ + rows_.size() - 1;
  }
  void ready(std::size_t index, std::string row, bool failed) {
    rows_[index - first_] = Row{std::move(row), failed};
    while (!rows_.empty() && rows_.front()) {
      held_.push_back(std::move(rows_.front()->text));
      const bool hold = rows_.front()->failed;
      rows_.pop_front();
      ++first_;
      if (!hold) {
        release();
      }
    }
  }
  std::size_t waiting() const { return rows_.size(); }
  void release() {
    for (const std::string& row : held_) {
      out_ << row << '\n';
    }
    held_.clear();
  }
  void flush() { out_.flush(); }
  bool good() const { return out_.good(); }

 private:
  struct Row {
    std::string text;
    bool failed = false;
  };
  std::ostream& out_;
  std::deque<std::optional<Row>> rows_;
  std::size_t first_ = 0;  // the index of rows_.front()
  std::vector<std::string> held_;
};

class Generation {
 public:
  Generation(const GenerateSpec& spec, std::istream& in, std::ostream& out, Progress& progress)
      : spec_(spec),
        reader_(in, spec.in_name),
        output_(out),
        progress_(progress),
        window_(*spec.backend, spec.in_flight_max) {
    state_ = {.suite = "prompts of " + spec.in_name,
              .model = spec.model,
              .total = spec.rows_total,
              .resumed = spec.skip};
  }

  RunState run() {
    progress_.started(state_);
    while (interrupts() == 0 && !given_up() && ask_next()) {
    }
    while (!window_.empty() && interrupts() < 2) {
      take_one();
    }
    if (!given_up()) {
      output_.release();
    }
    output_.flush();
    check_output();
    progress_.finished(state_);
    return state_;
  }

 private:
  bool given_up() const { return failures_in_a_row_ >= spec_.failures_in_a_row_max; }

  void check_output() const {
    if (!output_.good()) {
      throw std::runtime_error("the output cannot be written; is the disk full?");
    }
  }

  // False at the end of the input.
  bool ask_next() {
    Json row;
    try {
      std::string line;
      if (!reader_.next_line(line)) {
        return false;
      }
      if (skipped_ < spec_.skip) {
        ++skipped_;
        return true;
      }
      row = parse_object(line, reader_.where());
      Prompt prompt = prompt_of(row, spec_.sampling);
      while (no_room() && interrupts() < 2) {
        take_one();
      }
      if (no_room()) {
        return false;
      }
      const std::size_t index = output_.reserve();
      window_.submit(std::move(prompt), {.index = index, .id = row.value("id", Json())});
    } catch (const UserError& error) {
      bad_row(row, error.what());
    }
    return true;
  }

  bool no_room() const {
    return window_.full() || output_.waiting() >= out_of_order_factor * spec_.in_flight_max;
  }

  void bad_row(const Json& row, const char* error) {
    Json out = {{"line", reader_.line_number()}, {"error", error}};
    if (row.is_object() && row.contains("id")) {
      out["id"] = row.at("id");
    }
    ++state_.failed;
    state_.last_error = error;
    output_.ready(output_.reserve(), dump(out), false);
  }

  void take_one() {
    auto answered = window_.next(look_up_s);
    state_.elapsed_s = seconds_between(began_, steady_now());
    if (!answered) {
      output_.flush();  // nothing is coming: let a reader of the pipe see what there is
      progress_.update(state_);
      return;
    }
    const Response& response = answered->response;
    const bool failed = response.finish == Finish::failed;
    failures_in_a_row_ = failed ? failures_in_a_row_ + 1 : 0;
    failed ? ++state_.failed : ++state_.answered;
    if (failed) {
      state_.last_error = response.error;
    }
    state_.completion_tokens +=
        static_cast<std::uint64_t>(std::max(0, response.usage.completion_tokens.value_or(0)));
    Json row = row_of(response);
    if (!answered->ticket.id.is_null()) {
      row["id"] = answered->ticket.id;
    }
    output_.ready(answered->ticket.index, dump(row), failed);
    if (seconds_between(flushed_, steady_now()) > look_up_s) {
      output_.flush();
      check_output();
      flushed_ = steady_now();
    }
    progress_.update(state_);
  }

  const GenerateSpec& spec_;
  JsonlReader reader_;
  OrderedOutput output_;
  Progress& progress_;
  Window<Ticket> window_;
  RunState state_;
  SteadyTime began_ = steady_now();
  SteadyTime flushed_ = began_;
  std::size_t skipped_ = 0;
  int failures_in_a_row_ = 0;
};

}  // namespace

RunState generate(const GenerateSpec& spec, std::istream& in, std::ostream& out,
                  Progress& progress) {
  return Generation(spec, in, out, progress).run();
}

std::size_t continue_output(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) {
    return 0;
  }
  std::size_t rows = 0;
  std::uintmax_t whole_bytes = 0;
  for (std::string line; std::getline(in, line);) {
    if (in.eof()) {
      break;  // the last line has no end: it was being written
    }
    whole_bytes += line.size() + 1;
    ++rows;
    try {
      parse_object(line, fmt::format("{}:{}", path, rows));
    } catch (const UserError& error) {
      throw UserError(
          fmt::format("--out: {}; it is not continued, name another file", error.what()));
    }
  }
  in.close();
  if (std::filesystem::file_size(path) > whole_bytes) {
    std::filesystem::resize_file(path, whole_bytes);
  }
  return rows;
}

std::size_t count_rows(const std::string& path) {
  std::ifstream in(path, std::ios::binary);
  std::size_t rows = 0;
  bool blank = true;
  constexpr std::size_t block_bytes = std::size_t{1} << 16U;
  std::string block(block_bytes, '\0');
  while (in.read(block.data(), static_cast<std::streamsize>(block.size())), in.gcount() > 0) {
    for (const char c : std::string_view(block.data(), static_cast<std::size_t>(in.gcount()))) {
      if (c == '\n') {
        rows += blank ? 0U : 1U;
        blank = true;
      } else if (c != ' ' && c != '\t' && c != '\r') {
        blank = false;
      }
    }
  }
  return rows + (blank ? 0U : 1U);
}

}  // namespace assay
