// The slowest input: replays folders of inputs (what the fuzzers math_parser_fuzz and
// answer_extraction_fuzz kept), and sets of hostile texts and pairs, through every policy and every
// rule of extraction, and prints how the processor time of one call is spread. Best of five
// where a call seems slow, of the thread's own time: what else runs on the machine does not count.
//   bench_math_slowest FOLDER...
#include <algorithm>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "suites/math/choice.h"
#include "suites/math/equivalence.h"
#include "suites/math/extraction.h"
#include "suites/math/gsm8k.h"
#include "tests/hostile_texts.h"

namespace {

using namespace assay;

using Input = HostileText;

struct Call {
  double time_us = 0;
  std::string what;   // the rule or policy
  std::string input;  // its name, and how it begins
};

double cpu_time_us() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e6 + static_cast<double>(now.tv_nsec) / 1e3;
}

constexpr std::size_t shown_max = 12;  // inputs of each kind

class Stopwatch {
 public:
  void time(const std::string& what, const Input& input, const std::function<void()>& work) {
    constexpr double surely_quick_us = 200;
    double best_us = 1e12;
    for (int i = 0; i < 5 && best_us > surely_quick_us; ++i) {
      const double start_us = cpu_time_us();
      work();
      best_us = std::min(best_us, cpu_time_us() - start_us);
    }
    calls_.push_back({best_us, what, input.name});
  }

  void print(const std::string& title) {
    if (calls_.empty()) return;
    std::sort(calls_.begin(), calls_.end(),
              [](const Call& a, const Call& b) { return a.time_us < b.time_us; });
    const double median_us = calls_[calls_.size() / 2].time_us;
    const Call& last = calls_.back();
    const auto over = std::count_if(calls_.begin(), calls_.end(),
                                    [](const Call& call) { return call.time_us > 1000; });
    fmt::print(
        "{}: {} calls, median {:.2f} us, 99.9 % {:.1f} us, slowest {:.1f} us ({:.0f} times "
        "the median), over 1 ms: {}\n",
        title, calls_.size(), median_us, calls_[calls_.size() * 999 / 1000].time_us, last.time_us,
        last.time_us / median_us, over);
    // Of each input and each rule the slowest call alone.
    std::map<std::string, int> shown;
    for (auto call = calls_.rbegin(); call != calls_.rend() && shown.size() < shown_max; ++call) {
      if (++shown[call->input] > 1) continue;
      fmt::print("  {:8.1f} us  {:16} {}\n", call->time_us, call->what, call->input);
    }
  }

 private:
  std::vector<Call> calls_;
};

std::vector<Input> inputs_of(const std::filesystem::path& folder) {
  std::vector<Input> inputs;
  for (const auto& entry : std::filesystem::directory_iterator(folder)) {
    std::ifstream file(entry.path(), std::ios::binary);
    inputs.push_back({entry.path().string(), {std::istreambuf_iterator<char>(file), {}}});
  }
  return inputs;
}

void compare(const Input& input, Stopwatch& timings) {
  const std::string_view text = input.text;
  const std::size_t line = text.find('\n');
  const std::string_view gold = text.substr(0, line);
  const std::string altered = std::string(text) + "1";
  const std::string_view answer = line == std::string_view::npos ? altered : text.substr(line + 1);
  for (const math::Policy& policy : math::policies()) {
    timings.time(std::string(policy.name), input, [&] { math::equivalent(gold, answer, policy); });
  }
  timings.time("vote", input, [&] { math::vote_key(answer, math::policies().front()); });
}

void extract(const Input& input, Stopwatch& timings) {
  const std::string& text = input.text;
  using Rule = math::Extraction (*)(std::string_view);
  static constexpr std::pair<const char*, Rule> rules[] = {
      {"final-answer", [](std::string_view t) { return math::final_answer(t); }},
      {"hendrycks", math::extract_hendrycks},
      {"minerva", math::extract_minerva},
      {"prm800k", math::extract_prm800k},
      {"boxed", math::extract_boxed},
      {"aime", math::extract_aime},
      {"simple-evals", math::extract_simple_evals}};
  for (const auto& [name, rule] : rules)
    timings.time(name, input, [&text, rule = rule] { rule(text); });
  timings.time("math-verify", input, [&] { math::extract_math_verify(text); });
  for (const std::string& name : gsm8k_conventions())
    timings.time("gsm8k " + name, input, [&] { read_gsm8k(name, text, "18"); });
  static const std::vector<std::string> options = {"12", "$\\frac{1}{2}$", "two words", "A"};
  for (const std::string& name : math::choice_conventions())
    timings.time("choice " + name, input, [&] { math::read_choice(name, text, options); });
}

void replay(const std::string& title, const std::vector<Input>& inputs) {
  Stopwatch comparing;
  Stopwatch extracting;
  for (const Input& input : inputs) {
    compare(input, comparing);
    extract(input, extracting);
  }
  comparing.print(title + ": comparison");
  extracting.print(title + ": extraction");
}

}  // namespace

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    replay(arguments[i], inputs_of(arguments[i]));
  }
  replay("hostile texts", hostile_texts(2000));
  replay("hostile pairs", hostile_pairs());
}
