#include "suites/math/math_questions.h"

#include <array>
#include <optional>
#include <set>

#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/math/boxed.h"
#include "suites/math/gsm8k.h"
#include "suites/math/question_file.h"
#include "suites/math/text_scan.h"

namespace assay::math {

namespace {

using nlohmann::json;

constexpr int aime_answer_max = 999;

// The question without the last line or sentence that tells how to give the answer.
std::string without_directive(const std::string& text) {
  static constexpr std::array<std::string_view, 3> directives = {
      "\nPlease reason step by step", " Please reason step by step", "\nPut your final answer"};
  for (const std::string_view directive : directives) {
    const size_t at = text.rfind(directive);
    if (at != std::string::npos && at > 0 && text.find("\\boxed{}", at) != std::string::npos) {
      return std::string(trimmed(std::string_view(text).substr(0, at)));
    }
  }
  return text;
}

bool has(const json& row, const char* name) {
  const auto field = row.find(name);
  return field != row.end() && !field->is_null();
}

std::string first_text(const json& row, const std::vector<const char*>& names,
                       const RowPlace& place) {
  for (const char* name : names) {
    if (has(row, name)) {
      return text_field(row, name, place);
    }
  }
  return text_field(row, names.front(), place);  // throws
}

void copy_tag(const json& row, const char* from, const char* to, Question& question) {
  const auto field = row.find(from);
  if (field != row.end() && (field->is_string() || field->is_number())) {
    question.tags[to] = field->is_string() ? field->get<std::string>() : field->dump();
  }
}

std::string gold_of_math(const json& row, const RowPlace& place) {
  if (has(row, "answer")) {
    return text_or_number_field(row, "answer", place);
  }
  const std::string solution = text_field(row, "solution", place);
  const auto box = last_boxed_hendrycks(solution);
  if (!box || trimmed(*box).empty()) {
    throw UserError(fmt::format("{}: no field 'answer', and no \\boxed in 'solution'", place));
  }
  return std::string(*box);
}

std::string gold_of_aime(const json& row, const RowPlace& place) {
  const std::string text = text_or_number_field(row, "answer", place);
  const std::string number = gsm8k_gold(text);
  if (number.empty() || number.size() > 3 ||
      number.find_first_not_of("0123456789") != number.npos ||
      std::stoi(number) > aime_answer_max) {
    throw UserError(fmt::format("{}: answer '{}' is no integer from 0 to {}", place,
                                text.substr(0, 40), aime_answer_max));
  }
  return std::to_string(std::stoi(number));
}

std::string gold_of_olympiad(const json& row, const RowPlace& place) {
  if (row.contains("final_answer") && row["final_answer"].is_string()) {
    return text_field(row, "final_answer", place);
  }
  std::string gold;
  for (const std::string& answer : list_field(row, "final_answer", place)) {
    gold += (gold.empty() ? "" : ", ") + answer;
  }
  if (trimmed(gold).empty()) {
    throw UserError(fmt::format("{}: field 'final_answer' is empty", place));
  }
  return gold;
}

Question question_of(const json& row, Format format, std::string_view language,
                     const RowPlace& place) {
  Question question;
  if (format == Format::olympiad) {
    question.text = text_field(row, "question", place);
    question.gold = gold_of_olympiad(row, place);
    if (has(row, "error")) {
      question.fields["tolerance"] = text_or_number_field(row, "error", place);
    }
    copy_tag(row, "subfield", "subject", question);
    return question;
  }
  const bool chinese = format == Format::assay_math && language == "zh";
  question.text = chinese ? text_field(row, "problem_zh", place)
                          : first_text(row, {"problem", "question", "prompt"}, place);
  question.gold = format == Format::aime ? gold_of_aime(row, place) : gold_of_math(row, place);
  copy_tag(row, "subject", "subject", question);
  copy_tag(row, "type", "subject", question);
  copy_tag(row, "kind", "kind", question);
  copy_tag(row, "level", "level", question);
  copy_tag(row, "year", "year", question);
  return question;
}

std::string id_of(const json& row, const std::string& fallback) {
  for (const char* name : {"unique_id", "id", "problem_id", "question_id"}) {
    if (has(row, name) && (row[name].is_string() || row[name].is_number_integer())) {
      return row[name].is_string() ? row[name].get<std::string>() : row[name].dump();
    }
  }
  return fallback;
}

}  // namespace

std::vector<Question> load_questions(const std::filesystem::path& file, Format format,
                                     const std::string& prefix, std::string_view language) {
  std::vector<Question> questions;
  std::set<std::string> ids;
  const auto add = [&](Question question, const std::string& id, const RowPlace& place) {
    question.id = id;
    question.text = without_directive(question.text);
    question.tags["language"] = language;
    if (!ids.insert(id).second) {
      throw UserError(fmt::format("{}: id '{}' occurs twice", place, id.substr(0, 80)));
    }
    questions.push_back(std::move(question));
  };
  const auto next_id = [&] { return fmt::format("{}-{}", prefix, questions.size()); };
  if (format == Format::mgsm) {
    for_each_tsv_row(file, 2, [&](const std::vector<std::string>& row, const RowPlace& place) {
      Question question;
      question.text = row[0];
      question.gold = gsm8k_gold(row[1]);
      if (question.gold.empty()) {
        throw UserError(fmt::format("{}: the answer is no number", place));
      }
      add(std::move(question), next_id(), place);
    });
    return questions;
  }
  for_each_json_row(file, [&](const json& row, const RowPlace& place) {
    const bool wanted = format != Format::assay_math || language != "zh" || has(row, "problem_zh");
    if (wanted) {
      add(question_of(row, format, language, place), id_of(row, next_id()), place);
    }
  });
  if (questions.empty()) {
    throw UserError(fmt::format("{}: holds no questions in '{}'", file.string(), language));
  }
  return questions;
}

}  // namespace assay::math
