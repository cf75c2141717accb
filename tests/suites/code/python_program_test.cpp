#include "suites/code/python_program.h"

#include <iostream>

#include <nlohmann/json.hpp>

#include "suites/code/sandbox.h"
#include "tests/catch.h"
#include "tests/labelled.h"

TEST_CASE("try") {
  assay::Sandbox sandbox({});
  const auto rows = assay::test_rows("humaneval/HumanEval.jsonl.gz");
  int passed = 0, failed = 0;
  for (const auto& row : rows) {
    const std::string prompt = row["prompt"];
    const auto o = assay::check_python(sandbox, prompt + row["canonical_solution"].get<std::string>(),
                        {{"form", "code"}, {"setup", prompt + "\n    pass\n"}, {"code", row["test"]}, {"call", row["entry_point"]}, {"names", {row["entry_point"]}}}, {});
    passed += o.kind == assay::Kind::passed;
    if (o.kind != assay::Kind::passed && ++failed < 8) std::cout << row["task_id"] << " " << assay::to_text(o.kind) << " " << o.why << "\n";
  }
  std::cout << passed << "\n";
}
