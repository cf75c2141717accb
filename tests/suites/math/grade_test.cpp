#include "suites/math/grade.h"

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;
using nlohmann::json;

TEST_CASE("grade gsm8k judges a row and keeps its id") {
  const RowGrader grade = make_gsm8k_row_grader({});
  const json out = grade({{"id", "q1"}, {"response", "The answer is $18."}, {"gold", "18"}});
  CHECK(out == json{{"id", "q1"},
                    {"correct", true},
                    {"extracted", "18"},
                    {"reason", "announced answer: 18 equals 18"}});
  CHECK(grade({{"id", 7}, {"response", "#### 4"}, {"gold", 5}, {"model", "x"}})["correct"] ==
        false);
  CHECK(grade({{"id", 7}, {"response", "#### 4"}, {"gold", "2+2\n#### 4"}})["id"] == 7);
}

TEST_CASE("grade gsm8k takes the convention by name") {
  const RowGrader strict = make_gsm8k_row_grader({"openai-gsm8k"});
  CHECK(strict({{"id", "a"}, {"response", "It is 4"}, {"gold", "4"}})["correct"] == false);
  CHECK_THROWS_WITH(make_gsm8k_row_grader({"exact"}), Catch::StartsWith("--policy: 'exact' is"));
}

TEST_CASE("a row that lacks a field is a complaint of one line") {
  const RowGrader grade = make_gsm8k_row_grader({});
  CHECK_THROWS_WITH(grade({{"response", "x"}, {"gold", "1"}}), "field 'id' is missing");
  CHECK_THROWS_WITH(grade({{"id", "a"}, {"gold", "1"}}), "field 'response' is missing");
  CHECK_THROWS_WITH(grade({{"id", "a"}, {"response", "x"}}), "field 'gold' is missing");
  CHECK_THROWS_WITH(grade({{"id", "a"}, {"response", nullptr}, {"gold", "1"}}),
                    "field 'response' is null, not a string");
  CHECK_THROWS_WITH(grade({{"id", "a"}, {"response", "x"}, {"gold", "one"}}),
                    "field 'gold' holds no number: 'one'");
  CHECK_THROWS_AS(grade(json::array({1, 2})), UserError);
  CHECK_THROWS_AS(grade({{"id", json::array()}, {"response", "x"}, {"gold", "1"}}), UserError);
}
