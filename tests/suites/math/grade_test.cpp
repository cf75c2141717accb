#include "suites/math/grade.h"

#include <fstream>
#include <set>
#include <string>

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"

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

TEST_CASE("grade math takes the answer out of the response and compares") {
  const RowGrader grade = make_math_row_grader({});
  const json out =
      grade({{"id", "a"}, {"response", "Thus $\\boxed{0.5}$."}, {"gold", "\\frac{1}{2}"}});
  CHECK(out["correct"] == true);
  CHECK(out["extracted"] == "0.5");
  CHECK(out.size() == 4);
  CHECK(grade({{"id", "a"}, {"answer", "The answer is 7."}, {"gold", 7}})["correct"] == true);
  CHECK(grade({{"id", "a"}, {"response", ""}, {"gold", "7"}})["correct"] == false);
  CHECK(make_math_row_grader({"hendrycks"})(
            {{"id", "a"}, {"response", "\\boxed{0.25}"}, {"gold", "\\frac{1}{4}"}})["correct"] ==
        false);
  CHECK_THROWS_WITH(grade({{"id", "a"}, {"gold", "7"}}), "field 'response' is missing");
  CHECK_THROWS_WITH(grade({{"id", "a"}, {"response", "7"}, {"gold", " "}}),
                    "field 'gold' is empty");
  CHECK_THROWS_AS(make_math_row_grader({"exact"}), UserError);
}

TEST_CASE("grade math-equal compares without extraction") {
  const RowGrader grade = make_math_equal_row_grader({});
  CHECK(grade({{"id", "a"}, {"answer", "2/4"}, {"gold", "0.5"}})["correct"] == true);
  CHECK(grade({{"id", "a"}, {"answer", 0.5}, {"gold", 0.5}})["correct"] == true);
  CHECK(grade({{"id", "a"}, {"answer", "3.15"}, {"gold", "3.14"}})["correct"] == false);
  CHECK(make_math_equal_row_grader({"olympiadbench"})(
            {{"id", "a"}, {"answer", "3.15"}, {"gold", "3.14"}, {"tolerance", 0.02}})["correct"] ==
        true);
  CHECK_THROWS_AS(grade({{"id", "a"}, {"answer", "1"}, {"gold", "1"}, {"tolerance", "x"}}),
                  UserError);
}

TEST_CASE("grade choice takes letters and contents") {
  const RowGrader grade = make_choice_row_grader({});
  const json row = {{"id", "a"},
                    {"response", "The answer is (B)."},
                    {"options", {"cats", "dogs", "\\frac{1}{2}"}},
                    {"gold", "B"}};
  const json out = grade(row);
  CHECK(out["correct"] == true);
  CHECK(out["extracted"] == "B");
  json other = row;
  other["response"] = "\\boxed{0.5}";
  CHECK(grade(other)["correct"] == false);
  CHECK(grade(other)["extracted"] == "C");
  other["response"] = "\\boxed{C, A}";
  other["gold"] = "AC";  // of several, just these in any order
  CHECK(grade(other)["correct"] == true);
  CHECK(grade(other)["extracted"] == "AC");
  other["gold"] = "A";
  CHECK(grade(other)["correct"] == false);
  other["gold"] = "D";
  CHECK_THROWS_WITH(grade(other), "field 'gold' is no letter of the 3 options");
  other["options"] = json::array();
  CHECK_THROWS_WITH(grade(other), "field 'options' holds 0 options, not 1 to 26");
  CHECK_THROWS_AS(make_choice_row_grader({"exact"}), UserError);
  // By MATH-V's rule what rounds to the gold option's value is right.
  const RowGrader math_v = make_choice_row_grader({"math-v"});
  CHECK(math_v({{"id", "a"},
                {"response", "\\boxed{0.333}"},
                {"options", {"\\frac{1}{3}", "\\frac{1}{2}"}},
                {"gold", "A"}})["correct"] == true);
}

TEST_CASE("whatever bytes a response holds, the row that comes out is JSON") {
  // Chinese text whose phrases are cut at the limits of the readings.
  std::string text = "答案是";
  while (text.size() < 5000) {
    text += "数学";
  }
  const json row = {{"id", "a"}, {"response", text}, {"gold", "5"}, {"options", {"x", "y"}}};
  CHECK_NOTHROW(make_math_row_grader({})(row).dump());
  CHECK_NOTHROW(make_math_row_grader({"simple-evals"})(row).dump());
  json choice = row;
  choice["gold"] = "A";
  CHECK_NOTHROW(make_choice_row_grader({})(choice).dump());
}

namespace {

struct LabelledSet {
  const char* file;
  const char* kind;  // "": all
  const char* command;
  const char* policy;
};

constexpr LabelledSet labelled_sets[] = {
    {"math_final_answer", "numeric", "math", "final-answer"},
    {"math_final_answer", "latex", "math", "hendrycks"},
    {"math_final_answer", "latex", "math", "final-answer"},
    {"mathv", "latex", "math", "math-v"},
    {"mathv", "latex", "math", "math-verify"},
    {"mathv", "choice", "choice", "math-v"},
    {"choice", "", "choice", "mmlu-pro"},
};

// File, kind, policy, id, and why, of labelled_exceptions.tsv.
std::set<std::string> listed(const LabelledSet& one) {
  std::ifstream table(ASSAY_SOURCE_DIR "/tests/suites/math/labelled_exceptions.tsv");
  REQUIRE(table);
  std::set<std::string> ids;
  const std::string start = std::string(one.file) + "\t" + one.kind + "\t" + one.policy + "\t";
  for (std::string line; std::getline(table, line);) {
    if (line.rfind(start, 0) == 0)
      ids.insert(line.substr(start.size(), line.find('\t', start.size()) - start.size()));
  }
  return ids;
}

std::set<std::string> disagreements(const LabelledSet& one) {
  const GradeOptions options{one.policy};
  const RowGrader grade = std::string(one.command) == "math" ? make_math_row_grader(options)
                                                             : make_choice_row_grader(options);
  std::set<std::string> ids;
  for (const json& row : test_rows(std::string("labelled/") + one.file + ".jsonl.gz")) {
    if (*one.kind != '\0' && row["kind"] != one.kind) continue;
    if ((grade(row)["correct"] == true) != row["verdict"].get<bool>())
      ids.insert(row["id"].get<std::string>());
  }
  return ids;
}

}  // namespace

TEST_CASE("labelled answers are judged as their labels say but for exceptions argued one by one") {
  for (const LabelledSet& one : labelled_sets) {
    if (!has_test_data(std::string("labelled/") + one.file + ".jsonl.gz")) continue;
    INFO(one.file << " " << one.kind << " by " << one.policy);
    CHECK(disagreements(one) == listed(one));
  }
}

namespace {

struct ModelText {
  const char* gold;
  const char* text;
  bool right;
};

constexpr ModelText responses[] = {
    {"42", "Let us see: 6*7 = 42.\n\nThe answer is **42**.", true},
    {"42", "<think>maybe \\boxed{40}</think>\n\nThe answer is 42.", true},
    {"42", "<think>I am still thinking about 42", false},
    {"\\frac{3}{4}", "Thus the probability is 3/4, or 75%.", true},
    {"0.25", "The probability is 0.25 (25%).", true},
    {"12", "### Final Answer\n\n12", true},
    {"x=3", "We get x = 3 or x = -3, but x must be positive, so x = 3.", true},
    {"1, 2", "Hence $\\boxed{1}$ and $\\boxed{2}$.", true},
    {"5", "综上所述，$x=5$。", true},
    {"120", "因此，他一共需要支付120元。", true},
    {"18", "She makes $18.", true},
    {"104", "|step|value|\n|---|---|\n|1|50|\n|2|54|\n\nTotal: 104", true},
    {"25", "The answer is \\(\\boxed{25}\\). Note that for n=6 it would be 36.", true},
    {"no solution", "Therefore there is no solution.", true},
    {"\\emptyset", "The lines are parallel. So the system has no solution.", true},
    {"10", "My answer is ten.", true},
    {"7", "$$\n\\begin{aligned}\nx &= 3+4 \\\\\n&= 7\n\\end{aligned}\n$$", true},
    {"7", "Result: 7", true},
    {"7", "The answer is not 7 but 8.", false},
    {"7", "It cannot be 7. The answer is 8.", false},
    {"7", "I don't know.", false},
    {"2\\pi", "So the area is $2\\pi \\approx 6.28$.", true},
    {"16", "\\boxed{15}\nWait, I made a mistake. Actually \\boxed{16}.", true},
    {"y=2x+1", "The line is y = 2x + 1.", true},
    {"1/3", "= 1/3", true},
    {"1024", "There are $2^{10} = 1024$ subsets.", true},
};

}  // namespace

TEST_CASE("responses as models write them come to their answers") {
  const RowGrader grade = make_math_row_grader({});
  for (const ModelText& one : responses) {
    INFO(one.text);
    CHECK(grade({{"id", "a"}, {"response", one.text}, {"gold", one.gold}})["correct"] == one.right);
  }
}
