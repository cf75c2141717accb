#include "harness/progress.h"

#include <cmath>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "harness/clock.h"

namespace assay {

namespace {

constexpr double terminal_period_s = 0.2;
constexpr double plain_period_s = 10;
constexpr double json_period_s = 1;

std::string grouped(std::uint64_t number) {
  if (number < 1000) {
    return std::to_string(number);
  }
  return fmt::format("{},{:03}", grouped(number / 1000), number % 1000);
}

std::string duration(double seconds) {
  const auto s = static_cast<long long>(std::ceil(seconds));
  if (s < 60) {
    return fmt::format("{} s", s);
  }
  if (s < 3600) {
    return fmt::format("{} min {} s", s / 60, s % 60);
  }
  return fmt::format("{} h {} min", s / 3600, s % 3600 / 60);
}

double per_second(double count, double seconds) {
  return seconds > 0 ? count / seconds : 0;
}

std::string title(const RunState& state) {
  std::string text = fmt::format("run {}: {} by {}, {} answers", state.run_id, state.suite,
                                 state.model, grouped(state.total));
  if (state.resumed > 0) {
    text += fmt::format(", continued: {} are there", grouped(state.resumed));
  }
  return text;
}

// Prints when `period_s` has passed since it last did.
class Paced : public Progress {
 public:
  Paced(std::ostream& out, double period_s) : out_(out), period_s_(period_s) {}

  void started(const RunState& state) override {
    last_ = steady_now();
    print_started(state);
  }
  void update(const RunState& state) override {
    const SteadyTime now = steady_now();
    if (seconds_between(last_, now) >= period_s_) {
      last_ = now;
      print_update(state);
    }
  }
  void finished(const RunState& state) override { print_finished(state); }

 protected:
  virtual void print_started(const RunState& state) { out_ << title(state) << std::endl; }
  virtual void print_update(const RunState& state) { out_ << progress_line(state) << std::endl; }
  virtual void print_finished(const RunState& state) { out_ << progress_line(state) << std::endl; }

  std::ostream& out_;

 private:
  double period_s_;
  SteadyTime last_;
};

class Terminal : public Paced {
 public:
  explicit Terminal(std::ostream& out) : Paced(out, terminal_period_s) {}

 protected:
  // Back to the line's start, the line, and nothing of a longer one before it.
  void print_update(const RunState& state) override {
    out_ << '\r' << progress_line(state) << "\x1b[K" << std::flush;
  }
  void print_finished(const RunState& state) override {
    print_update(state);
    out_ << std::endl;
  }
};

class Json : public Paced {
 public:
  explicit Json(std::ostream& out) : Paced(out, json_period_s) {}

 protected:
  void print_started(const RunState& state) override { print("started", state); }
  void print_update(const RunState& state) override { print("progress", state); }
  void print_finished(const RunState& state) override { print("finished", state); }

 private:
  void print(const char* event, const RunState& state) {
    nlohmann::json json = {{"event", event},
                           {"run", state.run_id},
                           {"suite", state.suite},
                           {"model", state.model},
                           {"total", state.total},
                           {"done", state.done()},
                           {"resumed", state.resumed},
                           {"answered", state.answered},
                           {"failed", state.failed},
                           {"from_cache", state.from_cache},
                           {"completion_tokens", state.completion_tokens},
                           {"elapsed_s", state.elapsed_s}};
    if (state.score) {
      json["score"] = state.score->mean;
      json["score_interval"] = {state.score->interval.low, state.score->interval.high};
    }
    if (state.cost_known) {
      json["cost_usd"] = state.cost_usd;
    }
    if (!state.last_error.empty()) {
      json["last_error"] = state.last_error;
    }
    out_ << json.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace) << std::endl;
  }
};

class Silent : public Progress {
 public:
  void started(const RunState&) override {}
  void update(const RunState&) override {}
  void finished(const RunState&) override {}
};

}  // namespace

std::string progress_line(const RunState& state) {
  const double now = static_cast<double>(state.answered + state.failed);
  const double share =
      state.total > 0 ? static_cast<double>(state.done()) / static_cast<double>(state.total) : 1;
  std::string line =
      fmt::format("{}/{}  {:.0f} %  {:.1f} answers/s", grouped(state.done()), grouped(state.total),
                  std::floor(100 * share), per_second(now, state.elapsed_s));
  if (state.completion_tokens > 0) {
    const double rate = per_second(static_cast<double>(state.completion_tokens), state.elapsed_s);
    line += fmt::format("  {} tokens/s", grouped(static_cast<std::uint64_t>(rate)));
  }
  if (state.score) {
    line += fmt::format("  score {:.1f} % [{:.1f}, {:.1f}]", 100 * state.score->mean,
                        100 * state.score->interval.low, 100 * state.score->interval.high);
  }
  if (state.failed > 0) {
    line += fmt::format("  {} failed", grouped(state.failed));
  }
  if (state.from_cache > 0) {
    line += fmt::format("  {} from cache", grouped(state.from_cache));
  }
  if (state.cost_known) {
    line += fmt::format("  ${:.2f}", state.cost_usd);
  }
  if (state.done() < state.total && now > 0) {
    const double left = static_cast<double>(state.total - state.done());
    line += fmt::format("  {} left", duration(left * state.elapsed_s / now));
  } else if (state.done() == state.total) {
    line += fmt::format("  in {}", duration(state.elapsed_s));
  }
  return line;
}

std::unique_ptr<Progress> make_progress(ProgressStyle style, std::ostream& out) {
  switch (style) {
    case ProgressStyle::terminal:
      return std::make_unique<Terminal>(out);
    case ProgressStyle::plain:
      return std::make_unique<Paced>(out, plain_period_s);
    case ProgressStyle::json:
      return std::make_unique<Json>(out);
    case ProgressStyle::silent:
      break;
  }
  return std::make_unique<Silent>();
}

}  // namespace assay
