#include "suites/math/grade.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/utf8.h"
#include "suites/math/choice.h"
#include "suites/math/conventions.h"
#include "suites/math/gsm8k.h"
#include "suites/math/phrase.h"
#include "suites/math/question_file.h"
#include "suites/math/text_scan.h"

namespace assay {

namespace {

using nlohmann::json;

// Ids are handed back as they came; a row without one could not be told from the others.
json id_of(const json& row) {
  const auto id = row.find("id");
  if (!row.is_object() || id == row.end()) {
    throw UserError("field 'id' is missing");
  }
  if (!id->is_string() && !id->is_number_integer()) {
    throw UserError(fmt::format("field 'id' is {}, not a string", id->type_name()));
  }
  return *id;
}

json row_out(const json& id, json correct, const std::string& extracted,
             const std::string& reason) {
  return json{{"id", id},
              {"correct", std::move(correct)},
              {"extracted", clean_utf8(extracted)},
              {"reason", clean_utf8(reason)}};
}

// The text that is judged: `first`, or where the row has only that, `second`.
std::string answer_of(const json& row, const char* first, const char* second) {
  return text_field(row, !row.contains(first) && row.contains(second) ? second : first, "");
}

json correct_of(math::Decision decision) {
  return decision == math::Decision::undecided ? json(nullptr)
                                               : json(decision == math::Decision::equal);
}

std::string gold_of(const json& row) {
  std::string gold = text_or_number_field(row, "gold", "");
  if (math::trimmed(gold).empty()) {
    throw UserError("field 'gold' is empty");
  }
  return gold;
}

// One tolerance for all parts of the answer, or one for each.
std::vector<double> tolerance_of(const json& field) {
  std::vector<double> values;
  for (const json& value : field.is_array() ? field : json::array({field})) {
    if (!value.is_number() || value.get<double>() < 0) {
      throw UserError("field 'tolerance' is neither a number nor a list of numbers, 0 or more");
    }
    values.push_back(value.get<double>());
  }
  return values;
}

std::vector<std::string> options_of(const json& row) {
  std::vector<std::string> choices = list_field(row, "options", "");
  if (choices.empty() || choices.size() > math::options_max) {
    throw UserError(fmt::format("field 'options' holds {} options, not 1 to {}", choices.size(),
                                math::options_max));
  }
  return choices;
}

// MATH-V's rule: the letter, or what has the value of the gold option.
json grade_math_v(const json& id, const math::ChoiceAnswer& answer, char gold,
                  const std::string& option) {
  if (answer.letter != 0 || answer.extracted.empty()) {
    const bool correct = answer.letter == gold;
    const std::string letter(answer.letter == 0 ? 0 : 1, answer.letter);
    return row_out(id, correct, letter, answer.how);
  }
  const math::Judgement judgement =
      math::equivalent(option, answer.extracted, math::policy_of("math-v"));
  return row_out(id, correct_of(judgement.decision), answer.extracted,
                 "the gold option's content: " + judgement.reason);
}

}  // namespace

RowGrader make_gsm8k_row_grader(const GradeOptions& options) {
  const std::vector<std::string>& known = gsm8k_conventions();
  const std::string policy = options.policy.empty() ? known.front() : options.policy;
  if (std::find(known.begin(), known.end(), policy) == known.end()) {
    throw UserError(fmt::format("--policy: '{}' is none of {}", policy, fmt::join(known, ", ")));
  }
  return [policy](const json& row) {
    const json id = id_of(row);
    const std::string response = text_field(row, "response", "");
    const std::string gold = text_or_number_field(row, "gold", "");
    if (gsm8k_gold(gold).empty()) {
      throw UserError(fmt::format("field 'gold' holds no number: '{}'", gold.substr(0, 80)));
    }
    const NumberReading reading = read_gsm8k(policy, response, gold);
    return row_out(id, reading.correct, reading.extracted, reading.reason);
  };
}

RowGrader make_math_row_grader(const GradeOptions& options) {
  const math::Convention* by =
      options.policy.empty() ? &math::conventions().front() : &math::convention(options.policy);
  return [by](const json& row) {
    const json id = id_of(row);
    const std::string response = answer_of(row, "response", "answer");
    const math::Judged judged = math::judge(*by, response, gold_of(row));
    return row_out(id, judged.found ? correct_of(judged.decision) : json(false), judged.extracted,
                   judged.reason);
  };
}

RowGrader make_math_equal_row_grader(const GradeOptions& options) {
  const math::Policy* by =
      &math::policy_of(options.policy.empty() ? math::conventions().front().name : options.policy);
  return [by](const json& row) {
    const json id = id_of(row);
    const std::string answer = row.contains("answer") && row["answer"].is_number()
                                   ? row["answer"].dump()
                                   : answer_of(row, "answer", "response");
    math::Policy policy = *by;
    if (row.contains("tolerance") && !row["tolerance"].is_null()) {
      policy.tolerance = tolerance_of(row["tolerance"]);
    }
    const math::Judgement judgement = math::equivalent(gold_of(row), answer, policy);
    return row_out(id, correct_of(judgement.decision), math::clean_answer(answer),
                   judgement.reason);
  };
}

RowGrader make_choice_row_grader(const GradeOptions& options) {
  std::vector<std::string> known = math::choice_conventions();
  known.emplace_back("math-v");
  const std::string policy = options.policy.empty() ? known.front() : options.policy;
  if (std::find(known.begin(), known.end(), policy) == known.end()) {
    throw UserError(fmt::format("--policy: '{}' is none of {}", policy, fmt::join(known, ", ")));
  }
  return [policy](const json& row) {
    const json id = id_of(row);
    const std::string response = answer_of(row, "response", "answer");
    const std::vector<std::string> choices = options_of(row);
    const std::string gold = math::gold_letters(text_field(row, "gold", ""), choices.size());
    if (gold.empty()) {
      throw UserError(fmt::format("field 'gold' is no letter of the {} options", choices.size()));
    }
    const bool math_v = policy == "math-v";
    const math::ChoiceAnswer answer =
        math::read_choice(math_v ? "final-choice" : policy, response, choices);
    if (math_v && gold.size() == 1) {
      return grade_math_v(id, answer, gold[0], choices[static_cast<size_t>(gold[0] - 'A')]);
    }
    const bool correct = answer.letters == gold;
    const std::string extracted = answer.letters.empty() ? answer.extracted : answer.letters;
    const std::string reason = answer.letters.empty()
                                   ? answer.how
                                   : fmt::format("{}: {} {} {}", answer.how, answer.letters,
                                                 correct ? "is" : "is not", gold);
    return row_out(id, correct, extracted, reason);
  };
}

}  // namespace assay
