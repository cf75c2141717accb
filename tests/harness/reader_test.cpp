#include "harness/reader.h"

#include "harness/error.h"
#include "harness/store.h"
#include "tests/catch.h"
#include "tests/scratch.h"

using namespace assay;  // NOLINT(google-build-using-namespace): a test reads better without
                        // prefixes

TEST_CASE("a run is found by its number, its name, or as the last one") {
  const ScratchFolder folder;
  const std::string path = folder.path() / "t.db";
  Store store(path);
  for (const char* name : {"nightly", "nightly", ""}) {
    RunRecord run;
    run.identity = "same";
    run.name = name;
    store.open_run(run, true);
  }
  store.put_measurement({.name = "memory/read", .unit = "GB/s", .value = 12.5, .repetitions = 3});
  const Reader reader(path);
  CHECK(reader.run("1").name == "nightly");
  CHECK(reader.run("nightly").id == 2);
  CHECK(reader.run("last").id == 3);
  CHECK_THROWS_AS(reader.run("weekly"), UserError);
  CHECK_THROWS_AS(reader.run("4"), UserError);
  CHECK(reader.runs().size() == 3);
  REQUIRE(reader.measurements().size() == 1);
  CHECK(reader.measurements()[0].value == 12.5);
  CHECK_FALSE(reader.measurements()[0].ceiling);
}
