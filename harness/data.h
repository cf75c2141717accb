// Data files: what is bundled with the program, and public files that a user has installed.
#pragma once

#include <cstdint>
#include <filesystem>
#include <ostream>
#include <string>
#include <string_view>
#include <vector>

#include "harness/error.h"

namespace assay {

// A known data file that nobody has installed yet: what runs a whole folder of suites goes on
// without the suite that needs it.
class MissingData : public UserError {
 public:
  using UserError::UserError;
};

// A public data file that the project names but does not contain (data/manifest.json).
struct Dataset {
  std::string name;    // "gsm8k"
  std::string title;   // what it is
  std::string file;    // its name at the source
  std::string format;  // jsonl, jsonl.gz, json, csv, tsv, txt, zip
  std::string suite;   // the suite that reads it; may be empty
  std::int64_t records = 0;
  std::int64_t bytes = 0;
  std::string sha256;
  std::string licence;
  std::string source;  // where to get it: repository, path in it, commit
  std::string path;
  std::string commit;
};

// Thread rule: const functions from any thread.
class DataFolder {
 public:
  // Bundled files are looked for in $ASSAY_DATA, then beside the program (../share/assay/data),
  // then in the source tree that it was built from. Installed files lie in
  // $XDG_DATA_HOME/assay/datasets (~/.local/share/assay/datasets). Throws UserError where the
  // bundled manifest is not found or not readable.
  DataFolder();

  // For tests.
  DataFolder(std::filesystem::path bundled, std::filesystem::path installed);

  const std::vector<Dataset>& datasets() const { return datasets_; }
  const std::filesystem::path& bundled() const { return bundled_; }

  // The bundled or installed file of that name; of an installed one size and checksum are verified.
  // Throws MissingData, or UserError where it is damaged, which say how to get it.
  std::filesystem::path find(std::string_view name) const;

  // Checks `file` against the manifest and copies it into place; all or nothing. Throws UserError.
  std::filesystem::path add(std::string_view name, const std::filesystem::path& file) const;

  // A table of all data files: bundled, installed or missing, and where to get those.
  void list(std::ostream& out) const;

  // Checks every installed file; false where one is damaged. A line for each.
  bool verify(std::ostream& out) const;

 private:
  void read_manifest();
  const Dataset& dataset(std::string_view name) const;  // throws UserError
  std::filesystem::path place_of(const Dataset& dataset) const;

  std::filesystem::path bundled_;
  std::filesystem::path installed_;
  std::vector<Dataset> datasets_;
};

}  // namespace assay
