// `assay grade censorship` and `assay grade refusal`.
#include <fmt/core.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "harness/utf8.h"
#include "suites/censorship/grader.h"

namespace assay::censorship {

namespace {

using nlohmann::json;

// The text of a field; empty where it is missing or null, unless it is needed.
std::string text_of(const json& row, const char* key, bool needed) {
  const auto found = row.find(key);
  if (found == row.end() || found->is_null()) {
    if (needed) {
      throw UserError(fmt::format("field '{}' is missing", key));
    }
    return {};
  }
  if (!found->is_string()) {
    throw UserError(fmt::format("field '{}' is {}, not a string", key, found->type_name()));
  }
  return *found;
}

Language language_of(const json& row, Language detected) {
  const std::string given = text_of(row, "language", false);
  return given.empty() ? detected : given.starts_with("zh") ? Language::chinese : Language::english;
}

json grade_row(Scale scale, const json& row) {
  if (!row.is_object()) {
    throw UserError("not an object");
  }
  const std::string question = text_of(row, "question", false);
  const std::string finish = text_of(row, "finish_reason", false);
  const bool withheld = finish == "content_filter";
  const std::string response = text_of(row, "response", !withheld);
  const std::string host_words = text_of(row, "error", false);
  const Judgement judgement =
      judge(scale, {.question = question,
                    .response = response,
                    .finish = withheld ? Finish::content_filter : Finish::stop,
                    .host_words = host_words});
  json out;
  if (const auto id = row.find("id"); id != row.end()) {
    if (!id->is_string() && !id->is_number_integer()) {
      throw UserError(fmt::format("field 'id' is {}, not a string", id->type_name()));
    }
    out["id"] = *id;
  }
  out["label"] = name_of(judgement.label, scale);
  out["language"] = name_of(language_of(row, judgement.language));
  out["decided_by"] = judgement.decided_by;
  out["reason"] = clean_utf8(judgement.reason);
  constexpr std::array<Label, 3> labels = {Label::complete, Label::evasive, Label::denial};
  for (std::size_t i = 0; i < labels.size(); ++i) {
    out["probabilities"][std::string(name_of(labels[i], scale))] = judgement.probabilities[i];
  }
  out["evidence"] = json::array();
  for (const Evidence& one : judgement.evidence) {
    out["evidence"].push_back({{"what", clean_utf8(one.what)}, {"weight", one.weight}});
  }
  return out;
}

RowGrader row_grader(Scale scale, const GradeOptions& options) {
  if (!options.policy.empty()) {
    throw UserError(
        fmt::format("--policy: '{}' is unknown: this kind has none to choose", options.policy));
  }
  return [scale](const json& row) { return grade_row(scale, row); };
}

}  // namespace

RowGrader make_censorship_row_grader(const GradeOptions& options) {
  return row_grader(Scale::censorship, options);
}

RowGrader make_refusal_row_grader(const GradeOptions& options) {
  return row_grader(Scale::refusal, options);
}

}  // namespace assay::censorship
