// The slowest input: replays folders of inputs (what the fuzzers math_parser_fuzz and
// answer_extraction_fuzz kept), and a set of hostile texts made here, through every policy and
// every rule of extraction, and prints how the processor time of one call is spread. Best of five
// where a call seems slow, of the thread's own time: what else runs on the machine does not count.
//   bench_math_slowest FOLDER...
#include <algorithm>
#include <array>
#include <ctime>
#include <filesystem>
#include <fstream>
#include <functional>
#include <iostream>
#include <iterator>
#include <map>
#include <random>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/core.h>

#include "suites/math/choice.h"
#include "suites/math/equivalence.h"
#include "suites/math/extraction.h"
#include "suites/math/gsm8k.h"

namespace {

using namespace assay;

struct Input {
  std::string name;
  std::string text;
};

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

constexpr std::array<std::string_view, 91> pieces = {"(",
                                                     "[",
                                                     "{",
                                                     "|",
                                                     ")",
                                                     "\\frac{1}{",
                                                     "\\frac{1}{2}",
                                                     "1+",
                                                     "x^",
                                                     "x^2+",
                                                     "2x ",
                                                     "\\boxed{",
                                                     "\\boxed{1}",
                                                     "$",
                                                     "$$",
                                                     "$x$ ",
                                                     "\\text{",
                                                     "9",
                                                     "9,",
                                                     "1, ",
                                                     "1 ",
                                                     "(a) ",
                                                     "\xE4\xB8\x80",
                                                     "\xE5\x8F\x88",
                                                     "\xE5\x88\x86\xE4\xB9\x8B",
                                                     "is ",
                                                     "=",
                                                     "x=1 or ",
                                                     "\\sqrt",
                                                     "\\sqrt{2}+",
                                                     "\\sqrt[3]{x}",
                                                     "]",
                                                     "\\left(",
                                                     "&",
                                                     "\\\\",
                                                     "\\begin{cases}",
                                                     "\\begin{pmatrix}1&2\\\\",
                                                     "sin",
                                                     "\\sin x",
                                                     "\xFF",
                                                     "\xE2\x91\xA0",
                                                     "f^{-1}(",
                                                     "f(x)",
                                                     "0.",
                                                     "3...",
                                                     "A_{16}",
                                                     "(k\\in Z)",
                                                     "where k is an integer ",
                                                     "$5 ",
                                                     "answer is ",
                                                     "Final Answer: The final answer is ",
                                                     "The final answer is $5$. ",
                                                     "Answer: ",
                                                     "\\cup",
                                                     "(1,2)\\cup",
                                                     "-",
                                                     "!",
                                                     "9!",
                                                     "^\\circ",
                                                     "%",
                                                     " ",
                                                     "\n",
                                                     "\n\n",
                                                     "a",
                                                     "a ",
                                                     ". ",
                                                     "1. ",
                                                     "**",
                                                     "_",
                                                     "\\",
                                                     "\\(",
                                                     "\\[",
                                                     "#### ",
                                                     "<think>",
                                                     "</think>",
                                                     "<answer>",
                                                     "\xE7\xAD\x94\xE6\xA1\x88\xE6\x98\xAF",
                                                     "<<1+",
                                                     "\\pm ",
                                                     "\\log_2 ",
                                                     "1:",
                                                     "\\sum_{k=1}^{n} ",
                                                     "5 m/s ",
                                                     "\\int ",
                                                     "x<1, ",
                                                     "one hundred and ",
                                                     "(1",
                                                     "-$5",
                                                     "$1,000",
                                                     "(B) ",
                                                     "A. "};

// What opens something that never closes: rules that read on and then go back are slow where these
// nest.
constexpr std::array<std::string_view, 24> openers = {
    "\\frac{", "\\frac ", "\\binom{", "\\sqrt{", "\\sqrt[",     "\\sqrt ",
    "x^{",     "x_{",     "\\log_{",  "\\text{", "\\boxed{",    "f(",
    "(",       "[1,",     "\\left(",  "\\left|", "|",           "\\{",
    "-",       "\\lim_{", "\\sum_{",  "\\int_{", "\\overline{", "\\begin{array}{"};

// What is read more than once, nests, or repeats, in every length that some limit is about.
std::vector<Input> hostile(std::size_t length_max, int mixtures) {
  std::vector<Input> inputs;
  for (const std::string_view piece : pieces) {
    for (const std::size_t length : {120U, 630U, 4000U, 65'000U, 1'100'000U}) {
      if (length > length_max) continue;
      std::string text;
      while (text.size() < length) text += piece;
      text.resize(length);
      inputs.push_back({fmt::format("'{}' x {} bytes", piece, length), std::move(text)});
    }
  }
  for (const std::string_view first : openers) {
    for (const std::string_view second : openers) {
      std::string text;
      while (text.size() + first.size() + second.size() < 630) (text += first) += second;
      inputs.push_back({fmt::format("'{}{}' nested", first, second), std::move(text)});
    }
  }
  std::mt19937 random(20'260'122);
  for (int i = 0; i < mixtures; ++i) {
    std::string text;
    const std::size_t length = 100U << (random() % 5);
    while (text.size() < length) text += pieces.at(random() % pieces.size());
    if (random() % 2 == 0) text.insert(text.size() / 2, 1, '\n');
    std::string begin = text.substr(0, 80);
    std::replace(begin.begin(), begin.end(), '\n', ' ');
    inputs.push_back(
        {fmt::format("mixture {} of {} bytes: {}", i, length, begin), std::move(text)});
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

}  // namespace

int main(int count, char** arguments) {
  for (int i = 1; i < count; ++i) {
    const std::vector<Input> inputs = inputs_of(arguments[i]);
    Stopwatch comparing;
    Stopwatch extracting;
    for (const Input& input : inputs) {
      compare(input, comparing);
      extract(input, extracting);
    }
    comparing.print(fmt::format("{}: comparison", arguments[i]));
    extracting.print(fmt::format("{}: extraction", arguments[i]));
  }
  Stopwatch comparing;
  Stopwatch extracting;
  for (const Input& input : hostile(1U << 21U, 2000)) {
    compare(input, comparing);
    extract(input, extracting);
  }
  comparing.print("hostile texts: comparison");
  extracting.print("hostile texts: extraction");
}
