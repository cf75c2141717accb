#include "reports/show.h"

#include <sstream>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/reports/made_up_runs.h"

using namespace assay;  // NOLINT(google-build-using-namespace)

TEST_CASE("runs are listed one a line") {
  const MadeUpRuns runs;
  std::ostringstream out;
  list_runs(Reader(runs.path()), out);
  CHECK_THAT(out.str(), Catch::Contains("math/gsm8k") && Catch::Contains("12 x 4") &&
                            Catch::Contains("unfinished"));
}

TEST_CASE("a run is shown with its identity, its scores and where it went wrong") {
  const MadeUpRuns runs;
  std::ostringstream out;
  show_run(Reader(runs.path()), "1", out);
  CHECK_THAT(out.str(), Catch::Contains("pass@4") && Catch::Contains("cons@4") &&
                            Catch::Contains("failed: overloaded") &&
                            Catch::Contains("wrong (13): 0.0 0.3 1.2") &&
                            Catch::Contains("failed (4): 3.0 3.1 3.2 3.3\n"));
  std::ostringstream mock;
  show_run(Reader(runs.path()), "2", mock);
  CHECK_THAT(mock.str(), Catch::Contains("not a model"));
}

TEST_CASE("a sample is shown whole, and cannot command the terminal") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  std::ostringstream out;
  show_sample(reader, "1", "0.0", out);
  const std::string text = out.str();
  CHECK_THAT(text, Catch::Contains("</script><script>") && Catch::Contains("First I halve") &&
                       Catch::Contains("lm-eval-strict"));
  CHECK(text.find('\x1B') == std::string::npos);
  CHECK(text.find('\x07') == std::string::npos);
}

TEST_CASE("a sample is named by its place or by its question") {
  const MadeUpRuns runs;
  const Reader reader(runs.path());
  for (const auto& [name, expected] :
       {std::pair{"5", "5.0"}, {"5.2", "5.2"}, {"q5", "5.0"}, {"q5.3", "5.3"}}) {
    std::ostringstream out;
    show_sample(reader, "1", name, out);
    INFO(name);
    CHECK_THAT(out.str(), Catch::Contains(std::string("sample           ") + expected + "\n"));
  }
  std::ostringstream out;
  CHECK_THROWS_AS(show_sample(reader, "1", "99", out), UserError);
  CHECK_THROWS_AS(show_sample(reader, "1", "5.9", out), UserError);
  CHECK_THROWS_AS(show_sample(reader, "1", "", out), UserError);
  CHECK_THROWS_AS(show_sample(reader, "9", "1", out), UserError);
}
