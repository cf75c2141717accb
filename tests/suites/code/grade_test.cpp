#include "suites/code/grade.h"

#include <iostream>

#include "suites/code/sandbox.h"
#include "tests/catch.h"
#include "tests/labelled.h"

using namespace assay;

static std::shared_ptr<Workshop> workshop() { return std::make_shared<Workshop>(std::make_unique<Sandbox>(SandboxOptions{})); }

TEST_CASE("try-labelled-python") {
  const auto grade = python_row_grader("", [](std::string_view){ return std::filesystem::path(); }, workshop());
  int agree = 0;
  int shown = 0;
  for (const auto& row : test_rows("labelled/code_python.jsonl.gz")) {
    const auto result = grade(row);
    const bool same = (result["value"] == 1.0) == row["verdict"].get<bool>();
    agree += same;
    if (!same && ++shown < 10) std::cout << row["id"] << result.dump() << row["verdict"] << "\n";
  }
  std::cout << agree << "\n";
}
TEST_CASE("try-labelled-cpp") {
  const auto grade = cpp_row_grader("", [](std::string_view){ return std::filesystem::path(); }, workshop());
  int agree = 0;
  int shown = 0;
  int joined = 0, n = 0;
  for (const auto& row : test_rows("labelled/code_cpp.jsonl.gz")) {
    if (++n % 1 != 0) continue;
    const auto result = grade(row);
    joined += result["reason"].get<std::string>().find("one program") != std::string::npos;
    const bool same = (result["value"] == 1.0) == (row["verdict"] == "pass") && (result["verdict"] == "compile error") == (row["verdict"] == "compile_error");
    agree += same;
    if (!same && ++shown < 20) std::cout << row["id"] << result.dump() << row["verdict"] << "\n";
  }
  std::cout << agree << " joined " << joined << "\n";
}
