#include "harness/catalogue.h"

#include <fmt/core.h>

#include "harness/error.h"

namespace assay {

namespace {

template <class Entry, class Name>
const Entry& find(const std::vector<Entry>& entries, std::string_view wanted, const char* what,
                  Name name) {
  std::string known;
  for (const Entry& entry : entries) {
    if (name(entry) == wanted) {
      return entry;
    }
    known += (known.empty() ? "" : ", ") + name(entry);
  }
  throw UserError(fmt::format("no {} is called '{}'; there are: {}", what, wanted, known));
}

}  // namespace

ModelSpec parse_model(std::string_view text) {
  const size_t colon = text.find(':');
  if (colon == std::string_view::npos || colon == 0) {
    throw UserError(
        fmt::format("--model: '{}' is not of the form provider:name, such as openai:gpt-4o", text));
  }
  ModelSpec spec;
  spec.provider = text.substr(0, colon);
  spec.name = text.substr(colon + 1);
  return spec;
}

const SuiteEntry& Catalogue::suite(std::string_view name) const {
  return find(suites, name, "suite", [](const SuiteEntry& entry) { return entry.name; });
}

const BackendEntry& Catalogue::backend(std::string_view provider) const {
  return find(backends, provider, "provider",
              [](const BackendEntry& entry) { return entry.provider; });
}

const GradeEntry& Catalogue::grade(std::string_view kind) const {
  return find(grades, kind, "kind of grading", [](const GradeEntry& entry) { return entry.kind; });
}

std::vector<const SuiteEntry*> Catalogue::suites_matching(std::string_view pattern) const {
  std::string_view folder = pattern;
  if (folder.ends_with("/*")) {
    folder.remove_suffix(2);
  }
  std::vector<const SuiteEntry*> found;
  for (const SuiteEntry& entry : suites) {
    if (entry.name == pattern || entry.name.starts_with(std::string(folder) + '/')) {
      found.push_back(&entry);
    }
  }
  if (found.empty()) {
    found.push_back(&suite(pattern));  // throws, and lists what there is
  }
  return found;
}

}  // namespace assay
