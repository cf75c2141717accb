// What this build of the program can do: main fills it by hand and passes it down. Nothing
// registers itself.
#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "harness/backend.h"
#include "harness/suite.h"

namespace assay {

// "provider:name", and what flags or a run file add to it. No secrets: those come from the
// environment.
struct ModelSpec {
  std::string provider;
  std::string name;
  std::string base_url;    // empty: the provider's own
  double timeout_s = 600;  // of one attempt
  int retries_max = 6;     // per request
  int in_flight_max =
      64;              // the most that will be submitted at once: backends size their pools by it
  bool stream = true;  // where the backend can choose
  std::vector<std::pair<std::string, std::string>> options;  // --backend-option key=value, in order

  // "provider:name" in one piece.
  std::string text() const { return provider + ":" + name; }
};

// Throws UserError unless `text` has the form provider:name (the name may be empty).
ModelSpec parse_model(std::string_view text);

struct BackendEntry {
  std::string provider;
  std::string summary;
  std::function<std::unique_ptr<Backend>(const ModelSpec&)> make;  // throws UserError
};

// An installed data file, by the name it has in data/manifest.json; throws UserError that says how
// to get it.
using FindData = std::function<std::filesystem::path(std::string_view dataset)>;

struct SuiteOptions {
  std::string data_file;   // --data: instead of the installed file
  std::uint64_t seed = 0;  // of generated suites; 0: the suite's own
};

struct SuiteEntry {
  std::string name;
  std::string summary;
  std::function<std::unique_ptr<Suite>(const SuiteOptions&)> make;  // throws UserError
};

// `assay grade KIND`: one row of JSON in, one out. Const and re-entrant. A row that lacks a field
// throws UserError.
using RowGrader = std::function<nlohmann::json(const nlohmann::json& row)>;

struct GradeOptions {
  std::string policy;  // --policy: the convention's name; empty: the kind's own
};

struct GradeEntry {
  std::string kind;
  std::string summary;
  std::function<RowGrader(const GradeOptions&)> make;  // throws UserError
};

struct Catalogue {
  std::vector<SuiteEntry> suites;
  std::vector<BackendEntry> backends;
  std::vector<GradeEntry> grades;

  // Each throws UserError that lists what there is.
  const SuiteEntry& suite(std::string_view name) const;
  const BackendEntry& backend(std::string_view provider) const;
  const GradeEntry& grade(std::string_view kind) const;

  // `math` or `math/*` stand for all suites of that folder. Throws UserError.
  std::vector<const SuiteEntry*> suites_matching(std::string_view pattern) const;
};

}  // namespace assay
