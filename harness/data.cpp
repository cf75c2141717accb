#include "harness/data.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <system_error>

#include <fmt/format.h>
#include <fmt/ostream.h>
#include <nlohmann/json.hpp>

#include "harness/digest.h"
#include "harness/error.h"

namespace assay {

namespace fs = std::filesystem;

namespace {

std::string environment(const char* name) {
  const char* value =
      std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody in this program sets variables
  return value == nullptr ? "" : value;
}

fs::path bundled_folder() {
  if (const std::string named = environment("ASSAY_DATA"); !named.empty()) {
    return named;
  }
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  const fs::path beside = program.parent_path().parent_path() / "share" / "assay" / "data";
  return fs::exists(beside, error) ? beside : fs::path(ASSAY_SOURCE_DATA);
}

fs::path installed_folder() {
  if (const std::string named = environment("XDG_DATA_HOME"); !named.empty()) {
    return fs::path(named) / "assay" / "datasets";
  }
  if (const std::string home = environment("HOME"); !home.empty()) {
    return fs::path(home) / ".local" / "share" / "assay" / "datasets";
  }
  return fs::path(".assay") / "datasets";
}

// What is wrong with the file, in one line; empty where it is the one that the manifest describes.
std::string complaint(const Dataset& dataset, const fs::path& file) {
  std::error_code error;
  const auto size = fs::file_size(file, error);
  if (error) {
    return fmt::format("{}: {}", file.string(), error.message());
  }
  if (static_cast<std::int64_t>(size) != dataset.bytes) {
    return fmt::format("{}: has {} bytes, {} has {}", file.string(), size, dataset.name,
                       dataset.bytes);
  }
  const std::string digest = sha256_hex_of_file(file);
  if (digest != dataset.sha256) {
    return fmt::format("{}: has sha256 {}, {} has {}", file.string(), digest, dataset.name,
                       dataset.sha256);
  }
  return "";
}

std::string how_to_get(const Dataset& dataset) {
  return fmt::format("get {} of {} (commit {}), then: assay data add {} FILE", dataset.path,
                     dataset.source, dataset.commit, dataset.name);
}

struct Bundled {
  std::string_view name;
  std::string_view path;
  std::string_view title;
};

constexpr auto bundled_files = std::to_array<Bundled>({
    {"word-problems", "math/word_problems.jsonl",
     "problems written for this project -> math/word-problems"},
    {"code-basics", "code/basics.jsonl", "problems written for this project -> code/basics"},
    {"censorship-probes", "censorship/probes",
     "questions written for this project -> censorship/probes"},
    {"prices", "prices.csv", "prices of hosted models, with sources"},
    {"published-baselines", "published_baselines.csv", "published scores, with sources"},
});

}  // namespace

DataFolder::DataFolder() : DataFolder(bundled_folder(), installed_folder()) {}

DataFolder::DataFolder(fs::path bundled, fs::path installed)
    : bundled_(std::move(bundled)), installed_(std::move(installed)) {
  read_manifest();
}

void DataFolder::read_manifest() {
  const fs::path manifest = bundled_ / "manifest.json";
  std::ifstream in(manifest);
  if (!in) {
    throw UserError(fmt::format("{}: cannot be read; set ASSAY_DATA to the project's data folder",
                                manifest.string()));
  }
  try {
    const nlohmann::json json = nlohmann::json::parse(in);
    for (const nlohmann::json& row : json.at("datasets")) {
      datasets_.push_back({.name = row.at("name"),
                           .title = row.at("title"),
                           .file = row.at("file"),
                           .format = row.at("format"),
                           .suite = row.value("suite", ""),
                           .records = row.at("records"),
                           .bytes = row.at("bytes"),
                           .sha256 = row.at("sha256"),
                           .licence = row.at("licence"),
                           .source = row.at("source"),
                           .path = row.at("path"),
                           .commit = row.at("commit")});
    }
  } catch (const nlohmann::json::exception& error) {
    throw UserError(fmt::format("{}: {}", manifest.string(), error.what()));
  }
}

const Dataset& DataFolder::dataset(std::string_view name) const {
  std::string known;
  for (const Dataset& dataset : datasets_) {
    if (dataset.name == name) {
      return dataset;
    }
    known += (known.empty() ? "" : ", ") + dataset.name;
  }
  throw UserError(fmt::format("no data file is called '{}'; there are: {}", name, known));
}

fs::path DataFolder::place_of(const Dataset& dataset) const {
  return installed_ / dataset.name / dataset.file;
}

fs::path DataFolder::find(std::string_view name) const {
  for (const Bundled& file : bundled_files) {
    if (file.name == name) {
      return bundled_ / file.path;
    }
  }
  const Dataset& wanted = dataset(name);
  const fs::path place = place_of(wanted);
  if (!fs::exists(place)) {
    throw MissingData(fmt::format("data file '{}' is not installed; {}", name, how_to_get(wanted)));
  }
  if (const std::string wrong = complaint(wanted, place); !wrong.empty()) {
    throw UserError(fmt::format("{}; install it again: assay data add {} FILE", wrong, name));
  }
  return place;
}

fs::path DataFolder::add(std::string_view name, const fs::path& file) const {
  const Dataset& wanted = dataset(name);
  if (const std::string wrong = complaint(wanted, file); !wrong.empty()) {
    throw UserError(wrong + "; a changed file can be used as it is with --data FILE");
  }
  const fs::path place = place_of(wanted);
  const fs::path unfinished = place.string() + ".part";
  std::error_code error;
  fs::create_directories(place.parent_path(), error);
  if (!error) {
    fs::copy_file(file, unfinished, fs::copy_options::overwrite_existing, error);
  }
  if (!error) {
    fs::rename(unfinished, place, error);
  }
  if (error) {
    std::error_code ignored;
    fs::remove(unfinished, ignored);
    throw UserError(fmt::format("{}: {}", place.string(), error.message()));
  }
  return place;
}

void DataFolder::list(std::ostream& out) const {
  fmt::print(out, "{:<22} {:<10} {:>8}  {}\n", "NAME", "STATE", "RECORDS", "WHAT, LICENCE");
  for (const Bundled& file : bundled_files) {
    fmt::print(out, "{:<22} {:<10} {:>8}  {}\n", file.name, "bundled", "", file.title);
  }
  for (const Dataset& dataset : datasets_) {
    const bool there = fs::exists(place_of(dataset));
    fmt::print(out, "{:<22} {:<10} {:>8}  {}, {}{}\n", dataset.name,
               there ? "installed" : "missing", dataset.records, dataset.title, dataset.licence,
               dataset.suite.empty() ? "" : " -> " + dataset.suite);
    if (!there) {
      fmt::print(out, "{:<42}  {}\n", "", how_to_get(dataset));
    }
  }
  fmt::print(out, "installed files lie in {}\n", installed_.string());
}

bool DataFolder::verify(std::ostream& out) const {
  bool all_good = true;
  int count = 0;
  for (const Dataset& dataset : datasets_) {
    const fs::path place = place_of(dataset);
    if (!fs::exists(place)) {
      continue;
    }
    const std::string wrong = complaint(dataset, place);
    fmt::print(out, "{}  {}\n", wrong.empty() ? "ok     " : "damaged",
               wrong.empty() ? place.string() : wrong);
    all_good = all_good && wrong.empty();
    ++count;
  }
  fmt::print(out, "{} of {} data files are installed\n", count, datasets_.size());
  return all_good;
}

}  // namespace assay
