#include "suites/code/cpp_program.h"

#include <iostream>

#include <nlohmann/json.hpp>

#include "suites/code/sandbox.h"
#include "tests/catch.h"
#include "tests/labelled.h"

TEST_CASE("try-cpp") {
  assay::Sandbox sandbox({});
  assay::CppPrograms programs(sandbox, {});
  const auto rows = assay::test_rows("humaneval_x/humaneval_cpp.jsonl.gz");
  int passed = 0;
  int failed = 0;
  int joined = 0;
  int count = 0;
  for (const auto& row : rows) {
    const std::string prompt = row["prompt"];
    if (++count > 12) break;
    const auto o = programs.check({prompt, row["test"]}, prompt + row["canonical_solution"].get<std::string>(), {});
    passed += o.kind == assay::Kind::passed;
    joined += o.why.find("one program") != std::string::npos;
    if (o.kind != assay::Kind::passed && ++failed < 8) std::cout << row["task_id"] << " " << assay::to_text(o.kind) << " " << o.why << "\n";
  }
  std::cout << passed << " joined " << joined << "\n";
}
