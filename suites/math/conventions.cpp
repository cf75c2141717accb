#include "suites/math/conventions.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/error.h"
#include "suites/math/extraction.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr std::array<Convention, 11> table = {{
    {"final-answer", "the last box, or what the text announces or comes to", "final-answer"},
    {"strict", "the last box, or what the text announces or comes to", "strict"},
    {"boxed", "the last \\boxed", "boxed"},
    {"hendrycks", "the last box, else between the first and the last $", "hendrycks"},
    {"minerva", "Final Answer: The final answer is ... I hope it is correct.", "minerva"},
    {"prm800k", "behind # Answer, else the last \\boxed", "prm800k"},
    {"simple-evals", "the first Answer:", "simple-evals"},
    {"math-verify", "by priority: final answer, boxed, answer, any expression", "math-verify"},
    {"mlperf-r1", "the last \\boxed", "mlperf-r1"},
    {"mlperf-r1-aime", "the last boxed integer, else the last Answer: integer", "strict"},
    {"math-v", "the last box, or what the text announces or comes to", "math-v"},
}};

bool is_text(std::string_view answer, const Policy& policy) {
  return explain(answer, answer, policy).answer.kind == "text";
}

Extraction extract_parsed(std::string_view response, const Policy& policy) {
  const std::vector<Extraction> candidates = extract_math_verify(response);
  if (candidates.empty()) {
    return {"", "no formula and no number in the text", Absence::not_found};
  }
  const auto parsed =
      std::find_if(candidates.begin(), candidates.end(),
                   [&](const Extraction& one) { return !is_text(one.text, policy); });
  return parsed == candidates.end() ? candidates.front() : *parsed;
}

Extraction extract(const Convention& convention, const Policy& policy, std::string_view response,
                   bool cut_off) {
  const std::string_view name = convention.name;
  if (name == "hendrycks") {
    return extract_hendrycks(response);
  }
  if (name == "minerva") {
    return extract_minerva(response);
  }
  if (name == "prm800k") {
    return extract_prm800k(response);
  }
  if (name == "boxed" || name == "mlperf-r1") {
    return extract_boxed(response);
  }
  if (name == "simple-evals") {
    return extract_simple_evals(response);
  }
  if (name == "mlperf-r1-aime") {
    return extract_aime(response);
  }
  if (name == "math-verify") {
    return extract_parsed(response, policy);
  }
  return final_answer(response, cut_off);
}

}  // namespace

std::span<const Convention> conventions() { return table; }

const Convention& convention(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Convention& one) { return one.name == name; });
  if (found != table.end()) {
    return *found;
  }
  std::string known;
  for (const Convention& one : table) {
    known += (known.empty() ? "" : ", ") + std::string(one.name);
  }
  throw UserError(fmt::format("--policy: '{}' is none of {}", name, known));
}

const Policy& policy_of(std::string_view name) {
  const auto found = std::find_if(table.begin(), table.end(),
                                  [&](const Convention& one) { return one.name == name; });
  return policy(found == table.end() ? name : found->policy);
}

Judged judge(const Convention& convention, std::string_view response, std::string_view gold,
             bool cut_off) {
  return judge_by(convention, policy(convention.policy), response, gold, cut_off);
}

Judged judge_by(const Convention& convention, const Policy& policy, std::string_view response,
                std::string_view gold, bool cut_off) {
  const Extraction answer = extract(convention, policy, response, cut_off);
  Judged judged;
  judged.absence = answer.absence;
  if (answer.text.empty()) {
    judged.reason = answer.how;
    return judged;
  }
  const Judgement judgement = equivalent(gold, answer.text, policy);
  judged.decision = judgement.decision;
  judged.found = true;
  judged.extracted = answer.text;
  judged.vote = vote_key(answer.text, policy);
  judged.reason = fmt::format("{}: {}", answer.how, judgement.reason);
  return judged;
}

std::string shortened(std::string_view text) {
  constexpr size_t shown_bytes_max = 200;
  text = trimmed(text);
  text = text.substr(0, text.find('\n'));
  if (text.size() <= shown_bytes_max) {
    return std::string(text);
  }
  size_t end = shown_bytes_max;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80) {
    --end;
  }
  return std::string(text.substr(0, end)) + "...";
}

}  // namespace assay::math
