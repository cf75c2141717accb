#include "harness/version.h"

#include "tests/catch.h"

TEST_CASE("the program says its version, its commit and its compiler") {
  CHECK_THAT(assay::program_version(),
             Catch::Matches(R"(assay \d+\.\d+\.\d+ \(([0-9a-f]{12}(-dirty)?|unknown)\))"));
  CHECK_THAT(assay::compiler_version(), Catch::Contains("."));
}
