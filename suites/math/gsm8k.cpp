#include "suites/math/gsm8k.h"

#include <algorithm>
#include <cassert>
#include <optional>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/math/final_answer.h"
#include "suites/math/question_file.h"
#include "suites/math/stated_number.h"

namespace assay {

namespace {

constexpr const char* invalid = "[invalid]";  // what both harnesses put where they find nothing

std::string without(std::string_view text, std::string_view dropped) {
  std::string kept;
  std::copy_if(text.begin(), text.end(), std::back_inserter(kept),
               [&](char c) { return dropped.find(c) == std::string_view::npos; });
  return kept;
}

bool is_number_byte(char c) {
  return (c >= '0' && c <= '9') || c == '.' || c == ',';
}

// The first match of `#### (\-?[0-9\.\,]+)`.
std::optional<std::string> first_hash_number(std::string_view text) {
  constexpr std::string_view marker = "#### ";
  for (size_t at = text.find(marker); at != std::string_view::npos;
       at = text.find(marker, at + 1)) {
    const size_t begin = at + marker.size();
    const size_t digits = begin < text.size() && text[begin] == '-' ? begin + 1 : begin;
    size_t end = digits;
    while (end < text.size() && is_number_byte(text[end])) {
      ++end;
    }
    if (end > digits) {
      return std::string(text.substr(begin, end - begin));
    }
  }
  return std::nullopt;
}

// The last match of `(-?[$0-9.,]{2,})|(-?[0-9]+)`, scanned as re.findall does: left to right,
// without overlaps.
std::optional<std::string> last_flexible_number(std::string_view text) {
  std::optional<std::string_view> last;
  for (size_t at = 0; at < text.size();) {
    const size_t begin = text[at] == '-' ? at + 1 : at;
    size_t end = begin;
    while (end < text.size() && (is_number_byte(text[end]) || text[end] == '$')) {
      ++end;
    }
    const bool one_digit = end == begin + 1 && text[begin] >= '0' && text[begin] <= '9';
    if (end - begin >= 2 || one_digit) {
      last = text.substr(at, end - at);
      at = end;
    } else {
      ++at;
    }
  }
  // A run that is longer than any number equals none, in whole or in part.
  return last ? std::optional<std::string>(last->substr(0, math::answer_bytes_max)) : std::nullopt;
}

// What exact_match compares after its four substitutions, in their order.
std::string lm_eval_normal(std::string_view text) {
  std::string kept = without(text, ",$");
  const size_t marker = kept.rfind("#### ");
  if (marker != std::string::npos) {
    kept.erase(0, marker + 5);
  }
  // In Python `$` also stands before a line break that ends the text.
  if (kept.ends_with(".\n")) {
    kept.erase(kept.size() - 2, 1);
  } else if (kept.ends_with('.')) {
    kept.pop_back();
  }
  std::transform(kept.begin(), kept.end(), kept.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return kept;
}

NumberReading read_openai(std::string_view response, std::string_view gold) {
  const std::optional<std::string> found = first_hash_number(response);
  if (!found) {
    return {false, "", "no `#### n` in the text"};
  }
  const std::string answer = without(*found, ",");
  const bool correct = answer == gsm8k_gold(gold);
  return {correct, answer,
          fmt::format("first #### {} {} {}", answer, correct ? "is" : "is not", gsm8k_gold(gold))};
}

NumberReading read_lm_eval(const std::optional<std::string>& found, std::string_view gold,
                           std::string_view what) {
  const std::string wanted = lm_eval_normal(gold);
  const std::string answer = lm_eval_normal(found.value_or(invalid));
  const bool correct = answer == wanted;
  if (!found) {
    return {correct, "", fmt::format("no {} in the text", what)};
  }
  return {correct, *found,
          fmt::format("{} {} {} {}", what, answer, correct ? "is" : "is not", wanted)};
}

NumberReading read_final_number(std::string_view response, std::string_view gold, bool cut_off) {
  const StatedNumber stated = stated_number(response, cut_off);
  if (stated.number.empty()) {
    return {false, "", stated.how};
  }
  const std::string wanted = gsm8k_gold(gold);
  const bool correct = same_decimal(stated.number, wanted);
  return {correct, stated.number,
          fmt::format("{}: {} {} {}", stated.how, stated.number, correct ? "equals" : "is not",
                      wanted)};
}

NumberReading read_as(std::string_view convention, std::string_view response, std::string_view gold,
                      bool cut_off) {
  response = math::examined_part(response);
  if (convention == "openai-gsm8k") {
    return read_openai(response, gold);
  }
  if (convention == "lm-eval-strict") {
    return read_lm_eval(first_hash_number(response), gold, "first #### n");
  }
  if (convention == "lm-eval-flexible") {
    return read_lm_eval(last_flexible_number(response), gold, "last number");
  }
  assert(convention == "final-number");
  return read_final_number(response, gold, cut_off);
}

class Gsm8kGrader : public Grader {
 public:
  Verdict grade(const Question& question, const Response& response) const override {
    const bool cut_off = response.finish == Finish::length;
    Verdict verdict;
    for (const std::string& convention : gsm8k_conventions()) {
      const NumberReading reading = read_as(convention, response.text, question.gold, cut_off);
      verdict.readings.push_back({convention, reading.correct ? 1.0 : 0.0, reading.extracted});
      if (convention == gsm8k_conventions().front()) {
        verdict.value = reading.correct ? 1.0 : 0.0;
        verdict.label = reading.correct             ? "correct"
                        : reading.extracted.empty() ? "no answer"
                                                    : "wrong";
        verdict.extracted = reading.extracted;
        verdict.vote = reading.extracted.empty() ? "" : normal_decimal(reading.extracted);
        verdict.reason = reading.reason;
      }
    }
    return verdict;
  }
};

class Gsm8k : public Suite {
 public:
  explicit Gsm8k(const std::filesystem::path& file) {
    info_.name = "math/gsm8k";
    info_.prompt = "zero-shot-chat";
    info_.convention = gsm8k_conventions().front();
    info_.summary = "grade-school word problems, one number each (1,319)";
    info_.sampling.max_tokens = 2048;
    for_each_json_row(file, [this](const nlohmann::json& row, const RowPlace& place) {
      Question question;
      question.id = fmt::format("gsm8k-{}", questions_.size());
      question.text = text_field(row, "question", place);
      const std::string solution = text_field(row, "answer", place);
      question.gold = gsm8k_gold(solution);
      if (question.gold.empty()) {
        throw UserError(fmt::format("{}: field 'answer' holds no `#### n`", place));
      }
      questions_.push_back(std::move(question));
    });
  }

  const SuiteInfo& info() const override { return info_; }
  std::vector<Question> questions() const override { return questions_; }
  const Grader& grader() const override { return grader_; }

  Prompt prompt(const Question& question) const override {
    Prompt prompt;
    prompt.messages.push_back(
        {Role::user,
         question.text +
             "\n\nSolve the problem step by step. End your answer with a line of the "
             "form \"#### N\", where N is the answer as a plain number without units."});
    return prompt;
  }

 private:
  SuiteInfo info_;
  std::vector<Question> questions_;
  Gsm8kGrader grader_;
};

}  // namespace

const std::vector<std::string>& gsm8k_conventions() {
  static const std::vector<std::string> names = {"final-number", "openai-gsm8k", "lm-eval-strict",
                                                 "lm-eval-flexible"};
  return names;
}

std::string gsm8k_gold(std::string_view text) {
  const std::optional<std::string> marked = first_hash_number(text);
  const std::string number = without(marked ? *marked : std::string(text), ",$ \t\r\n");
  return normal_decimal(number).empty() ? "" : number;
}

NumberReading read_gsm8k(std::string_view convention, std::string_view response,
                         std::string_view gold) {
  return read_as(convention, response, gold, /*cut_off=*/false);
}

std::unique_ptr<Suite> make_gsm8k(const std::filesystem::path& file) {
  return std::make_unique<Gsm8k>(file);
}

}  // namespace assay
