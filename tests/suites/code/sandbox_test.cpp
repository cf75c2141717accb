#include "suites/code/sandbox.h"

#include <atomic>
#include <fstream>
#include <sstream>
#include <thread>
#include <vector>

#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

namespace fs = std::filesystem;

// What the machine could still hold after programs have ended: processes, mounts, files in /tmp.
struct Leftovers {
  std::size_t processes = 0;
  std::size_t mounts = 0;
  std::size_t files = 0;
  bool operator==(const Leftovers&) const = default;
};

bool is_ours(const fs::path& process) {
  std::ifstream in(process / "cmdline", std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(in)), {});
  return text.find("supervisor.py") != std::string::npos;
}

Leftovers look() {
  Leftovers seen;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    seen.processes +=
        name.find_first_not_of("0123456789") == std::string::npos && is_ours(entry.path()) ? 1 : 0;
  }
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    ++seen.mounts;
  }
  for (const auto& entry : fs::directory_iterator(fs::temp_directory_path())) {
    seen.files +=
        entry.path().filename().string().rfind("assay-", 0) == 0 && fs::is_directory(entry.path())
            ? 1
            : 0;
  }
  return seen;
}

}  // namespace

TEST_CASE("many threads share the sandboxes, and nothing is left over") {
  if (!test_workshop()) {
    return;
  }
  const Leftovers before = look();
  const int programs = long_tests() ? 10000 : 200;
  {
    Sandbox sandbox({.workers = 2});
    std::atomic<int> passed = 0;
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
      threads.emplace_back([&] {
        const nlohmann::json check = {
            {"form", "code"}, {"code", "assert f(1) == 2"}, {"names", {"f"}}};
        for (int i = 0; i < programs / 4; ++i) {
          const std::string code = "open('/tmp/x', 'w').write('y')\ndef f(x):\n    return x + 1\n";
          passed += check_python(sandbox, code, check, {.wall_s = 10}).kind == Kind::passed ? 1 : 0;
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    CHECK(passed == programs);
  }
  CHECK(look() == before);
}

TEST_CASE("without isolation programs still run under limits and filters") {
  if (!test_workshop()) {
    return;
  }
  Sandbox sandbox({.workers = 1, .isolate = false});
  const nlohmann::json check = {{"form", "code"}, {"code", "assert f(1) == 2"}, {"names", {"f"}}};
  CHECK(check_python(sandbox, "def f(x):\n    return x + 1\n", check, {.wall_s = 10}).kind ==
        Kind::passed);
  CHECK(check_python(sandbox, "import os\nos.fork()\n", check, {.wall_s = 10}).kind ==
        Kind::forbidden_call);
  CHECK(check_python(sandbox, "while True: pass", check, {.wall_s = 0.5}).kind == Kind::timed_out);
}

TEST_CASE("a header is kept once and found again") {
  if (!test_workshop()) {
    return;
  }
  const fs::path folder = fs::temp_directory_path() / "assay_headers_test";
  {
    Sandbox sandbox({.workers = 1, .cache_folder = folder.string()});
    CHECK(sandbox.kept_header("a/b.h").empty());
    CHECK(sandbox.keep_header("a/b.h", "text") == folder.string());
    CHECK(sandbox.kept_header("a/b.h") == folder.string());
  }
  fs::remove_all(folder);
}
