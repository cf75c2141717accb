#include "suites/code/tests_of_rows.h"

#include <nlohmann/json.hpp>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;
using nlohmann::json;

TEST_CASE("the form of a row's test decides its check") {
  const json humaneval = check_of_row({{"prompt", "def f():\n"},
                                       {"entry_point", "f"},
                                       {"test", "def check(candidate):\n    pass"}});
  CHECK(humaneval["call"] == "f");
  const json assertions =
      check_of_row({{"tests", json::array({"assert f()"})}, {"entry_point", "f"}});
  CHECK(assertions["names"] == json::array({"f"}));
  CHECK_THROWS_AS(check_of_row({{"prompt", ""}}), UserError);
  CHECK_THROWS_AS(check_of_row({{"test", 3}}), UserError);
}

TEST_CASE("names are those defined at the start of a line") {
  CHECK(defined_names("def a(): pass\nclass B:\n    def c(self): pass\nasync def d(): pass") ==
        json::array({"a", "B", "d"}));
}
