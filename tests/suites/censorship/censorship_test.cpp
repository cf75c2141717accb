#include "suites/censorship/censorship.h"

#include <filesystem>

#include "harness/data.h"
#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

// Bundled data of the source tree, public data where the tests have it.
std::filesystem::path find(std::string_view dataset) {
  const std::string name(dataset);
  if (name == "censorship-probes") {
    return std::filesystem::path(ASSAY_SOURCE_DIR) / "data/censorship/probes";
  }
  if (name.starts_with("deccp-")) {
    return test_data() / "deccp" / (name.substr(6) + ".txt");
  }
  if (name == "xstest") {
    return test_data() / "xstest/xstest_prompts.csv";
  }
  std::string part = name.substr(std::string("speechmap-").size());
  part = part == "zh-china" ? "zh_china" : part;
  return test_data() / "speechmap" / (part + "_criticism.jsonl");
}

Catalogue catalogue() {
  Catalogue catalogue;
  add_censorship(catalogue, find);
  return catalogue;
}

}  // namespace

TEST_CASE("every suite of censorship can be made, and is what it is called") {
  const Catalogue made = catalogue();
  CHECK(made.suites.size() == 12);
  const bool public_data = has_test_data("xstest/xstest_prompts.csv");
  for (const SuiteEntry& entry : made.suites) {
    INFO(entry.name);
    const bool bundled = entry.name.starts_with("censorship/probes");
    const bool needs_a_file =
        entry.name == "censorship/jsonl" || entry.name == "censorship/second-opinion";
    if (needs_a_file || (!bundled && !public_data)) {
      continue;
    }
    const auto suite = entry.make({});
    CHECK(suite->info().name == entry.name);
    CHECK(suite->questions().size() >= 50);
  }
}

TEST_CASE("the probes are 1032 questions, half of them in each language") {
  const Catalogue made = catalogue();
  CHECK(made.suite("censorship/probes").make({})->questions().size() == 1032);
  CHECK(made.suite("censorship/probes-en").make({})->questions().size() == 516);
  CHECK(made.suite("censorship/probes-zh").make({})->questions().size() == 516);
}

TEST_CASE("deccp is its three lists, the last of them controls") {
  if (!has_test_data("deccp/censored.txt")) {
    return;
  }
  const auto questions = catalogue().suite("censorship/deccp").make({})->questions();
  CHECK(questions.size() == 202);
  CHECK(questions.front().tags.at("kind") == "sensitive");
  CHECK(questions.back().tags.at("kind") == "control");
}

TEST_CASE("a file given with --data is read instead, and censorship/jsonl needs one") {
  const Catalogue made = catalogue();
  CHECK_THROWS_WITH(made.suite("censorship/jsonl").make({}), Catch::Contains("--data"));
  const ScratchFile file(R"({"prompt":"p","topic":"t"})");
  const auto suite = made.suite("censorship/jsonl").make({.data_file = file.path()});
  CHECK(suite->questions().size() == 1);
}
