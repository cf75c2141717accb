#include "harness/files.h"

#include <sstream>

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

TEST_CASE(
    "a dash is a standard stream, anything else a file, and a bad one is named with its flag") {
  std::ostringstream standard;
  Output("-", std::ios::trunc, standard).stream() << "x";
  CHECK(standard.str() == "x");
  CHECK(Input("-").name() == "standard input");

  const ScratchFolder folder;
  const std::string path = folder.path() / "f";
  { Output(path, std::ios::trunc, standard).stream() << "line"; }
  std::string line;
  Input in(path);
  std::getline(in.stream(), line);
  CHECK(line == "line");

  CHECK_THROWS_WITH(Input("/nonexistent/x"), Catch::StartsWith("--in: /nonexistent/x"));
  CHECK_THROWS_AS(Input("/tmp"), UserError);
  CHECK_THROWS_WITH(Output("/nonexistent/x", std::ios::trunc, standard),
                    Catch::StartsWith("--out: "));
}
