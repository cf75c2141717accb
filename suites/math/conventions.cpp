#include "suites/math/conventions.h"

#include <algorithm>
#include <array>

#include <fmt/core.h>

#include "harness/error.h"
#include "harness/utf8.h"
#include "suites/math/extraction.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

constexpr std::string_view math_v = "math-v";

constexpr std::array<Convention, 12> table = {{
    {"final-answer", "the last box, or what the text announces or comes to", "boxed"},
    {"strict", "the last box, or what the text announces or comes to", "strict"},
    {"boxed", "the last \\boxed", "boxed"},
    {"hendrycks", "the last box, else between the first and the last $", "hendrycks"},
    {"minerva", "Final Answer: The final answer is ... I hope it is correct.", "minerva"},
    {"prm800k", "behind # Answer, else the last \\boxed", "prm800k"},
    {"simple-evals", "the first Answer:", "simple-evals"},
    {"math-verify", "by priority: final answer, boxed, answer, any expression", "math-verify"},
    {"mlperf-r1", "the last \\boxed", "mlperf-r1"},
    {"mlperf-r1-aime", "the last boxed integer, else the last Answer: integer", "strict"},
    {"olympiadbench", "the last box, or what the text announces or comes to", "olympiadbench"},
    {math_v, "the last box, or what the text announces or comes to", "boxed"},
}};

// MATH-V rounds both sides to two decimal places; half a unit of the last one comes closest to
// that.
const Policy& math_v_policy() {
  static const Policy rounding = [] {
    Policy one = policy("boxed");
    one.tolerance = {0.005};
    return one;
  }();
  return rounding;
}

const Policy& policy_for(const Convention& one) {
  return one.name == math_v ? math_v_policy() : policy(one.policy);
}

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

std::span<const Convention> conventions() {
  return table;
}

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
  return found == table.end() ? policy(name) : policy_for(*found);
}

Judged judge(const Convention& convention, std::string_view response, std::string_view gold,
             bool cut_off) {
  return judge_by(convention, policy_for(convention), response, gold, cut_off);
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
  judged.extracted = clean_utf8(answer.text);
  judged.vote = vote_key(answer.text, policy);
  judged.reason = clean_utf8(fmt::format("{}: {}", answer.how, judgement.reason));
  return judged;
}

std::string shortened(std::string_view text) {
  constexpr size_t shown_bytes_max = 200;
  text = trimmed(text);
  text = text.substr(0, text.find('\n'));
  return clean_utf8(text, shown_bytes_max) + (text.size() > shown_bytes_max ? "..." : "");
}

}  // namespace assay::math
