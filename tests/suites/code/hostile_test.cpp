// The battery of tests/hostile: each file says in its first line what may become of it. None may
// pass, and none may keep the next honest answer from passing.
#include <algorithm>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <sstream>
#include <vector>

#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_of(const char* language) {
  std::vector<fs::path> files;
  for (const auto& entry :
       fs::directory_iterator(fs::path(ASSAY_SOURCE_DIR) / "tests/hostile" / language)) {
    files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

std::string text_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

// "# expect: timed out, exception" -> whether `label` is one of them.
bool is_expected(const std::string& text, const std::string& label) {
  const std::string line = text.substr(0, text.find('\n'));
  std::istringstream kinds(line.substr(line.find("expect:") + 7));
  for (std::string kind; std::getline(kinds, kind, ',');) {
    kind.erase(0, kind.find_first_not_of(' '));
    if (kind == label) {
      return true;
    }
  }
  return false;
}

const nlohmann::json check = {
    {"form", "code"},
    {"setup", "def add_one(x):\n    \"\"\"One more than x.\"\"\"\n    pass\n"},
    {"code",
     "def check(candidate):\n    assert candidate(1) == 2\n    assert candidate(41) == 42\n"
     "    assert abs(candidate(0) - 1) < 1e-9\n    assert all([candidate(5) == 6])\n"},
    {"call", "add_one"},
    {"names", {"add_one"}}};

// What may time out gets little time on the clock; for the rest the clock is far away, so that a
// busy machine does not turn one kind into another.
Limits limits_for(const std::string& text) {
  return {.wall_s = is_expected(text, "timed out") ? 1.0 : 40.0,
          .cpu_s = 2,
          .memory_bytes = std::uint64_t{256} << 20};
}

bool honest_python_passes(Workshop& shop) {
  return check_python(*shop.launcher, "def add_one(x):\n    return x + 1\n", check, {}).kind ==
         Kind::passed;
}

}  // namespace

TEST_CASE("no hostile Python program passes, and each gets the right kind") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::vector<fs::path> files = files_of("python");
  CHECK(files.size() >= 60);
  for (const fs::path& file : files) {
    const std::string text = text_of(file);
    const Outcome outcome = check_python(*shop->launcher, text, check, limits_for(text));
    INFO(file.filename().string() << ": " << to_text(outcome.kind) << ": " << outcome.why);
    CHECK(outcome.kind != Kind::passed);
    CHECK(is_expected(text, std::string(to_text(outcome.kind))));
    CHECK(honest_python_passes(*shop));
  }
}

TEST_CASE("no hostile C++ program passes, apart from its check or joined with it") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const std::string prompt =
      "#include <bits/stdc++.h>\nusing namespace std;\nlong add_one(long x) {\n";
  // A check that does not compile by itself keeps answer and check in one program.
  const std::string joined_prompt =
      "#include <bits/stdc++.h>\nusing namespace std;\n#ifdef ASSAY_CHECK\n#error joined\n#endif\n"
      "long add_one(long x) {\n";
  const std::string tests =
      "int main() {\n  assert(add_one(1) == 2);\n  assert(add_one(41) == 42);\n}\n";
  CppPrograms programs(*shop->launcher, {.compiling = {.wall_s = 60,
                                                       .cpu_s = 10,
                                                       .memory_bytes = std::uint64_t{1} << 30,
                                                       .output_bytes = std::uint64_t{64} << 20,
                                                       .folder_bytes = std::uint64_t{128} << 20}});
  int number = 0;
  for (const fs::path& file : files_of("cpp")) {
    const std::string text = text_of(file);
    const std::string answer = "#include <bits/stdc++.h>\nusing namespace std;\n" + text;
    const bool joined_too = long_tests() || ++number % 8 == 0;
    for (const bool joined : {false, true}) {
      if (joined && !joined_too) {
        continue;
      }
      const Outcome outcome =
          programs.check({joined ? joined_prompt : prompt, tests}, answer, limits_for(text));
      INFO(file.filename().string()
           << (joined ? " joined: " : " apart: ") << to_text(outcome.kind) << ": " << outcome.why);
      CHECK(outcome.kind != Kind::passed);
      CHECK(is_expected(text, std::string(to_text(outcome.kind))));
    }
  }
  CHECK(programs.check({prompt, tests}, prompt + "return x + 1; }", {}).kind == Kind::passed);
  CHECK(programs.check({joined_prompt, tests}, joined_prompt + "return x + 1; }", {}).kind ==
        Kind::passed);
}
