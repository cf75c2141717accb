#include "suites/code/output.h"

#include <nlohmann/json.hpp>

#include "tests/catch.h"

using namespace assay;

TEST_CASE("output is compared line by line, then as decimal numbers") {
  CHECK(same_output("1\n2\n", " 1 \n2"));
  CHECK(same_output("1.0 2\n", "1 2.00"));
  CHECK(same_output("1e3", "1000"));
  CHECK(same_output("-0", "0.0"));
  CHECK_FALSE(same_output("1\n2", "1 2"));
  CHECK_FALSE(same_output("abc", "ABC"));
  CHECK_FALSE(same_output("0.1", "0.10000000000000000001"));
  CHECK_FALSE(same_output("", "0"));
}

TEST_CASE("tests run until one fails, and no tests prove nothing") {
  int runs = 0;
  const ProgramRun echo = [&](const std::string& input, std::string& out) {
    ++runs;
    out = input;
    return Outcome{.kind = Kind::passed, .why = {}};
  };
  const auto tests = nlohmann::json::parse(
      R"([{"input":"1","output":"1"},{"input":"2","output":"3"},{"input":"4","output":"4"}])");
  CHECK(check_output(echo, tests).kind == Kind::wrong_answer);
  CHECK(runs == 2);
  CHECK(check_output(echo, nlohmann::json::array()).kind == Kind::harness_failure);
}
