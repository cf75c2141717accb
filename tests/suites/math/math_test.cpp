#include "suites/math/math.h"

#include <algorithm>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/labelled.h"

using namespace assay;

TEST_CASE("the catalogue of mathematics asks for a data file only when a suite is made") {
  Catalogue catalogue;
  int asked = 0;
  add_math(catalogue, [&](std::string_view name) -> std::filesystem::path {
    ++asked;
    throw UserError("not installed: " + std::string(name));
  });
  CHECK(asked == 0);
  CHECK_THROWS_WITH(catalogue.suite("math/gsm8k").make({}), "not installed: gsm8k");
  CHECK(asked == 1);
  CHECK(catalogue.grade("gsm8k").make({}) != nullptr);
  CHECK_THROWS_AS(catalogue.grade("gsm8k").make({"no such policy"}), UserError);
}

TEST_CASE("a data file that is given stands for the installed one") {
  if (!has_test_data("gsm8k/test.jsonl")) {
    return;
  }
  Catalogue catalogue;
  add_math(catalogue, [](std::string_view) -> std::filesystem::path { throw UserError("asked"); });
  SuiteOptions options;
  options.data_file = (test_data() / "gsm8k/test.jsonl").string();
  CHECK(catalogue.suite("math/gsm8k").make(options)->questions().size() == 1319);
}
