#include "suites/math/explain.h"

#include <sstream>

#include "harness/error.h"
#include "tests/catch.h"

using namespace assay;

TEST_CASE("the page says how each side was read, what decided and what others say") {
  std::ostringstream out;
  math::explain(out, "\\frac{2\\pi}{4}", "90^\\circ", "strict");
  const std::string page = out.str();
  CHECK(page.find("gold    \\frac{2\\pi}{4}") != std::string::npos);
  CHECK(page.find("answer  90^\\circ") != std::string::npos);
  CHECK(page.find("by strict (") != std::string::npos);
  CHECK(page.find("other policies") != std::string::npos);
  CHECK(page.find("  hendrycks ") != std::string::npos);
  CHECK(page.find("  strict ") == std::string::npos);
}

TEST_CASE("the page is printed by a convention's name, and for texts of any length") {
  std::ostringstream out;
  CHECK_NOTHROW(math::explain(out, std::string(100000, '('), "\xFF\n\n", "mlperf-r1-aime"));
  CHECK_NOTHROW(math::explain(out, "", "", ""));
  CHECK_THROWS_AS(math::explain(out, "1", "1", "exact"), UserError);
}
