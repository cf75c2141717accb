// The rules of CONTRIBUTING.md that a program can check: who may include whom, and how large a file
// may be.

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <regex>
#include <set>
#include <string>

#include "tests/catch.h"

namespace fs = std::filesystem;

namespace {

constexpr int file_lines_max = 600;
const fs::path root = ASSAY_SOURCE_DIR;

const std::map<std::string, std::set<std::string>> may_include = {
    {"kernels", {"kernels"}},
    {"harness", {"harness"}},
    {"backends", {"backends", "harness", "kernels"}},
    {"suites", {"suites", "harness", "kernels"}},
    {"reports", {"reports", "harness"}},
    {"tests", {"tests", "backends", "harness", "kernels", "reports", "suites"}},
};
const std::set<std::string> folders = {"backends", "data",    "harness", "kernels",
                                       "reports",  "scripts", "suites",  "tests"};

bool is_code(const fs::path& path) {
  static const std::set<std::string> endings = {".h", ".cpp", ".cu", ".cuh"};
  return endings.contains(path.extension().string());
}

template <class F>
void for_each_code_file(const F& visit) {
  for (const auto& [folder, allowed] : may_include) {
    if (!fs::exists(root / folder)) {
      continue;
    }
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
      if (entry.is_regular_file() && is_code(entry.path())) {
        visit(folder, fs::relative(entry.path(), root));
      }
    }
  }
}

}  // namespace

TEST_CASE("folders include only whom they may know") {
  const std::regex include(R"re(^\s*#\s*include\s+"([^"/]+)/.*)re");
  for_each_code_file([&](const std::string& folder, const fs::path& file) {
    if (file == "harness/main.cpp") {
      return;  // the composition root
    }
    std::ifstream in(root / file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      std::smatch match;
      if (std::regex_match(line, match, include) &&
          match[1] != "embedded" &&  // generated, knows nobody
          !may_include.at(folder).contains(match[1])) {
        FAIL_CHECK(file.string() << ":" << number << " includes " << match[1]);
      }
    }
  });
}

TEST_CASE("a file has at most 600 lines") {
  for_each_code_file([&](const std::string&, const fs::path& file) {
    std::ifstream in(root / file);
    const auto lines = std::count(std::istreambuf_iterator<char>(in), {}, '\n');
    INFO(file.string() << " has " << lines << " lines");
    CHECK(lines <= file_lines_max);
  });
}

TEST_CASE("the top-level folders are the ones that are described") {
  for (const auto& entry : fs::directory_iterator(root)) {
    const std::string name = entry.path().filename().string();
    if (entry.is_directory() && name[0] != '.' && name != "build") {
      INFO(name);
      CHECK(folders.contains(name));
    }
  }
}

TEST_CASE("only main, progress and reports write to standard output") {
  const std::regex print(R"(\bstd::cout\b|\bprintf\s*\(|\bputs\s*\()");
  for_each_code_file([&](const std::string& folder, const fs::path& file) {
    const bool may_print = folder == "reports" || folder == "tests" || file == "harness/main.cpp" ||
                           file == "harness/progress.cpp";
    if (may_print) {
      return;
    }
    std::ifstream in(root / file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (std::regex_search(line, print)) {
        FAIL_CHECK(file.string() << ":" << number << " prints");
      }
    }
  });
}

TEST_CASE("every source file is tested by a file of the same name") {
  // gemm_avx2.cpp and gemm_avx512.cpp may share gemm_test.cpp: a name may be shortened at an
  // underscore.
  const auto has_test = [](const fs::path& file) {
    for (std::string stem = file.stem().string(); !stem.empty();) {
      if (fs::exists(root / "tests" / file.parent_path() / (stem + "_test.cpp"))) {
        return true;
      }
      const size_t underscore = stem.rfind('_');
      stem = underscore == std::string::npos ? "" : stem.substr(0, underscore);
    }
    return false;
  };
  for_each_code_file([&](const std::string& folder, const fs::path& file) {
    if (folder != "tests" && file.extension() == ".cpp" && file != "harness/main.cpp") {
      INFO(file.string() << " has no test of its name under tests/");
      CHECK(has_test(file));
    }
  });
}

TEST_CASE("tests write into folders of their own, tests/scratch.h") {
  for_each_code_file([&](const std::string& folder, const fs::path& file) {
    if (folder != "tests" || file == "tests/scratch.h" || file == "tests/tidy_test.cpp") {
      return;
    }
    std::ifstream in(root / file);
    std::string line;
    for (int number = 1; std::getline(in, line); ++number) {
      if (line.find("temp_directory_path") != std::string::npos) {
        FAIL_CHECK(file.string() << ":" << number << " has a temporary folder of its own");
      }
    }
  });
}
