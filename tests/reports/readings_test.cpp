#include "reports/readings.h"

#include <vector>

#include "harness/codec.h"
#include "tests/catch.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

namespace {

std::vector<std::pair<std::string, std::optional<double>>> read(std::string_view json) {
  std::vector<std::pair<std::string, std::optional<double>>> found;
  for_each_reading(json, [&](std::string_view convention, std::optional<double> value) {
    found.emplace_back(convention, value);
  });
  return found;
}

}  // namespace

TEST_CASE("readings come back as they were written, whatever was extracted") {
  const std::vector<Reading> readings = {
      {"strict", 1.0, "4"},
      {"flexible", std::nullopt, R"(","value":0.0},{"convention":"forged","value":1)"},
      {"loose", 0.25, "back\\slash \" quote { [ : , \x01 é"},
      {"none", 0.0, ""}};
  const auto found = read(to_json(readings));
  REQUIRE(found.size() == readings.size());
  for (std::size_t i = 0; i < readings.size(); ++i) {
    CHECK(found[i].first == readings[i].convention);
    CHECK(found[i].second == readings[i].value);
  }
}

TEST_CASE("text that holds no readings is passed over") {
  CHECK(read("").empty());
  CHECK(read("[]").empty());
  CHECK(read("null").empty());
  for (const char* broken :
       {"[{", "[{\"", "[{\"convention", "[{\"convention\":\"a\\", "}}}", "\"\\"}) {
    INFO(broken);
    CHECK(read(broken).empty());
  }
}

TEST_CASE("a program's run time is read from what its grader kept") {
  CHECK(run_time_in(R"({"calls":3,"run_time_s":0.004210})") == 0.00421);
  CHECK_FALSE(run_time_in(R"({"calls":3})"));
  CHECK_FALSE(run_time_in(R"({"run_time_s":)"));
  CHECK_FALSE(run_time_in(""));
}
