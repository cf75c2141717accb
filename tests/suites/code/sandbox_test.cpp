#include "suites/code/sandbox.h"

#include <algorithm>
#include <atomic>
#include <fstream>
#include <iterator>
#include <map>
#include <sstream>
#include <thread>
#include <vector>

#include <sys/prctl.h>
#include <unistd.h>

#include "tests/catch.h"
#include "tests/scratch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

namespace fs = std::filesystem;

// What this process could still hold after programs have ended. Only what is its own is counted:
// other tests run sandboxes at the same time.
struct Leftovers {
  std::size_t processes = 0;    // below this one, zombies included
  std::size_t descriptors = 0;  // open in this process
  std::size_t mounts = 0;       // in its mount namespace
};

// The parent of a process, from /proc/N/stat: "N (name) S parent ..". 0: it has just ended.
int parent_of(const fs::path& process) {
  std::ifstream in(process / "stat");
  const std::string text((std::istreambuf_iterator<char>(in)), {});
  std::istringstream rest(text.substr(std::min(text.rfind(')') + 1, text.size())));
  std::string state;
  int parent = 0;
  rest >> state >> parent;
  return parent;
}

std::size_t processes_below(int pid) {
  std::map<int, int> parents;
  for (const auto& entry : fs::directory_iterator("/proc")) {
    const std::string name = entry.path().filename();
    if (name.find_first_not_of("0123456789") == std::string::npos) {
      parents[std::stoi(name)] = parent_of(entry.path());
    }
  }
  std::size_t count = 0;
  for (const auto& [process, parent] : parents) {
    int above = parent;
    while (above != pid && above > 1) {
      above = parents.contains(above) ? parents[above] : 0;
    }
    count += above == pid ? 1 : 0;
  }
  return count;
}

Leftovers look() {
  Leftovers seen;
  seen.processes = processes_below(getpid());
  seen.descriptors = static_cast<std::size_t>(
      std::distance(fs::directory_iterator("/proc/self/fd"), fs::directory_iterator{}));
  std::ifstream mounts("/proc/self/mountinfo");
  for (std::string line; std::getline(mounts, line);) {
    ++seen.mounts;
  }
  return seen;
}

}  // namespace

TEST_CASE("many threads share the sandboxes, and nothing is left over") {
  if (!test_workshop()) {
    return;
  }
  // An orphan becomes a child of this process and not of the machine's first.
  REQUIRE(prctl(PR_SET_CHILD_SUBREAPER, 1) == 0);
  const Leftovers before = look();
  const std::string name = "/tmp/assay-left-" + fresh_token();
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
          const std::string code =
              "open('" + name + "', 'w').write('y')\ndef f(x):\n    return x + 1\n";
          passed += check_python(sandbox, code, check, {}).kind == Kind::passed ? 1 : 0;
        }
      });
    }
    for (std::thread& thread : threads) {
      thread.join();
    }
    CHECK(passed == programs);
  }
  const Leftovers after = look();
  CHECK(after.processes == before.processes);
  CHECK(after.descriptors == before.descriptors);
  CHECK(after.mounts == before.mounts);
  CHECK_FALSE(fs::exists(name));
}

TEST_CASE("without isolation a program's folder is gone after it") {
  if (!test_workshop()) {
    return;
  }
  Sandbox sandbox({.workers = 1, .isolate = false});
  std::string out;
  const Outcome outcome = run_python(
      sandbox, "import os\nopen('x', 'w').write('y')\nprint(os.getcwd(), end='')", "", {}, out);
  CHECK(outcome.kind == Kind::passed);
  CHECK(out.find("assay-") != std::string::npos);
  CHECK_FALSE(fs::exists(out));
}

TEST_CASE("without isolation programs still run under limits and filters") {
  if (!test_workshop()) {
    return;
  }
  Sandbox sandbox({.workers = 1, .isolate = false});
  const nlohmann::json check = {{"form", "code"}, {"code", "assert f(1) == 2"}, {"names", {"f"}}};
  CHECK(check_python(sandbox, "def f(x):\n    return x + 1\n", check, {}).kind == Kind::passed);
  CHECK(check_python(sandbox, "import os\nos.fork()\n", check, {}).kind == Kind::forbidden_call);
  CHECK(check_python(sandbox, "while True: pass", check, {.wall_s = 0.5}).kind == Kind::timed_out);
}

TEST_CASE("a header is kept once and found again") {
  if (!test_workshop()) {
    return;
  }
  const ScratchFolder scratch;
  // Where root runs this the sandbox is another user, who must be able to come in.
  fs::permissions(scratch.path(), fs::perms::others_exec, fs::perm_options::add);
  const std::string folder = scratch.path() / "headers";
  Sandbox sandbox({.workers = 1, .cache_folder = folder});
  CHECK(sandbox.kept_header("a/b.h").empty());
  CHECK(sandbox.keep_header("a/b.h", "text") == folder);
  CHECK(sandbox.kept_header("a/b.h") == folder);
}
