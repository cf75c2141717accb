#include "suites/code/cgroup.h"

#include <fstream>
#include <iostream>

#include "suites/code/sandbox.h"
#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

namespace fs = std::filesystem;

std::string text_of(const fs::path& file) {
  std::ifstream in(file);
  std::string text;
  std::getline(in, text);
  return text;
}

// The groups beside a group's folder that this process has made.
std::size_t groups_beside(const fs::path& folder) {
  const std::string own = "assay-" + std::to_string(getpid()) + "-";
  std::size_t count = 0;
  for (const auto& entry : fs::directory_iterator(folder.parent_path())) {
    count += entry.path().filename().string().rfind(own, 0) == 0 ? 1 : 0;
  }
  return count;
}

}  // namespace

TEST_CASE("a control group has its limits while it lives, and is gone afterwards") {
  std::vector<std::string> entrances;
  {
    Cgroup group;
    entrances = group.entrances();
    if (entrances.empty()) {
      std::cout << "SKIPPED: this machine grants no control groups\n";
      return;
    }
    group.limit_memory(std::uint64_t{64} << 20U);
    std::string limits;
    for (const std::string& entrance : entrances) {
      const fs::path folder = fs::path(entrance).parent_path();
      for (const char* file : {"memory.limit_in_bytes", "memory.max", "pids.max"}) {
        limits += text_of(folder / file) + " ";
      }
    }
    INFO(limits);
    CHECK(limits.find("67108864") != std::string::npos);
    CHECK(limits.find("512") != std::string::npos);
  }
  for (const std::string& entrance : entrances) {
    CHECK_FALSE(fs::exists(fs::path(entrance).parent_path()));
  }
}

TEST_CASE("a sandbox leaves no control group behind") {
  const Cgroup beside;
  if (!test_workshop() || beside.entrances().empty()) {
    std::cout << "SKIPPED: this machine grants no control groups or no sandboxes\n";
    return;
  }
  const fs::path folder = fs::path(beside.entrances()[0]).parent_path();
  const std::size_t before = groups_beside(folder);
  {
    Sandbox sandbox({.workers = 1});
    CHECK(groups_beside(folder) == before + 1);
    std::string out;
    CHECK(run_python(sandbox, "print(6 * 7)", "", {}, out).kind == Kind::passed);
  }
  CHECK(groups_beside(folder) == before);
}
