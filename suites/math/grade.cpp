#include "suites/math/grade.h"

#include <algorithm>

#include <fmt/core.h>
#include <fmt/ranges.h>
#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "suites/math/gsm8k.h"
#include "suites/math/question_file.h"

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
    return json{{"id", id},
                {"correct", reading.correct},
                {"extracted", reading.extracted},
                {"reason", reading.reason}};
  };
}

}  // namespace assay
