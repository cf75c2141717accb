#include "suites/math/protocols.h"

#include <algorithm>
#include <vector>

#include <fmt/core.h>

#include "harness/error.h"

namespace assay::math {

namespace {

Sampling sampling_of(double temperature, double top_p, int max_tokens) {
  Sampling sampling;
  sampling.temperature = temperature;
  sampling.top_p = top_p;
  sampling.max_tokens = max_tokens;
  return sampling;
}

const std::vector<Protocol>& table() {
  static const std::vector<Protocol> rows = {
      {"greedy", "one greedy answer of up to 4,096 tokens, boxed", Directive::boxed,
       sampling_of(0, 1, 4096), 1, 1},
      {"r1", "DeepSeek-R1: 64 (AIME) or 4 answers at 0.6, top-p 0.95, up to 32,768 tokens, boxed",
       Directive::boxed, sampling_of(0.6, 0.95, 32768), 64, 4},
      {"v3-aime", "DeepSeek-V3 on AIME and CNMO: 16 answers at 0.7, up to 8,192 tokens, boxed",
       Directive::boxed, sampling_of(0.7, 1, 8192), 16, 16},
      {"simple-evals", "OpenAI simple-evals: one answer at 0.5, up to 2,048 tokens, Answer:",
       Directive::answer, sampling_of(0.5, 1, 2048), 1, 1},
  };
  return rows;
}

}  // namespace

std::span<const Protocol> protocols() {
  return table();
}

const Protocol& protocol(std::string_view name) {
  if (name.empty()) {
    return table().front();
  }
  const auto found = std::find_if(table().begin(), table().end(),
                                  [&](const Protocol& one) { return one.name == name; });
  if (found != table().end()) {
    return *found;
  }
  std::string known;
  for (const Protocol& one : table()) {
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  throw UserError(fmt::format("--protocol: '{}' is none of {}", name, known));
}

std::string directed(std::string_view question, Directive directive, std::string_view language) {
  // The English forms are those of the README of DeepSeek-R1 and of simple-evals' math_eval.py.
  if (directive == Directive::boxed) {
    return fmt::format("{}\n{}", question,
                       language == "zh" ? "请一步一步推理，并把最终答案放在 \\boxed{} 中。"
                                        : "Please reason step by step, and put your final answer "
                                          "within \\boxed{}.");
  }
  return language == "zh"
             ? fmt::format(
                   "请一步一步解答下面的数学问题。回答的最后一行写成“答案：”加上最终答案。\n\n{}",
                   question)
             : fmt::format(
                   "Solve the following math problem step by step. The last line of your response "
                   "should be of the form Answer: $ANSWER (without quotes) where $ANSWER is the "
                   "answer to the problem.\n\n{}\n\nRemember to put your answer on its own line "
                   "after \"Answer:\", and you do not need to use a \\boxed command.",
                   question);
}

}  // namespace assay::math
