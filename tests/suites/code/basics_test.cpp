#include "suites/code/basics.h"

#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

CodeSuiteParts only(const std::string& language) {
  CodeSuiteParts parts =
      basics_suite(std::filesystem::path(ASSAY_SOURCE_DIR) / "data/code/basics.jsonl");
  std::erase_if(parts.questions,
                [&](const Question& q) { return q.tags.at("language") != language; });
  return parts;
}

}  // namespace

TEST_CASE("code/basics: all Python reference solutions pass") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const CodeSuiteParts parts = only("python");
  CHECK(parts.questions.size() >= 60);
  CHECK(references_that_pass(parts, *shop, 1) == static_cast<int>(parts.questions.size()));
}

TEST_CASE(
    "code/basics: C++ reference solutions pass (a part of them unless ASSAY_TEST_LONG is set)") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const CodeSuiteParts parts = only("cpp");
  CHECK(parts.questions.size() >= 60);
  const int step = long_tests() ? 1 : 12;
  CHECK(references_that_pass(parts, *shop, step) ==
        (static_cast<int>(parts.questions.size()) - 1) / step + 1);
}

TEST_CASE("a row becomes a prompt in both languages") {
  const nlohmann::json row =
      nlohmann::json::parse(R"({"name": "f", "task": "Do it.", "parameters": [["a", "list[str]"]],
    "returns": "dict[str, int]", "cases": [{"arguments": [["x\"\n"]], "expected": {"x": 1}}]})");
  CHECK(basics_python_prompt(row) ==
        "def f(a: list[str]) -> dict[str, int]:\n    \"\"\"\n    Do it.\n    \"\"\"\n");
  CHECK(basics_cpp_prompt(row) ==
        "#include <bits/stdc++.h>\n\n// Do it.\nstd::map<std::string, long long> "
        "f(std::vector<std::string> a) {\n");
  CHECK(basics_cpp_tests(row).find(R"(std::string("x\042\012", 3))") != std::string::npos);
}
