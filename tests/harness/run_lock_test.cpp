#include "harness/run_lock.h"

#include "harness/error.h"
#include "tests/catch.h"
#include "tests/scratch.h"

TEST_CASE(
    "a run is locked once, another run of the same file is free, and a lock ends with its owner") {
  const assay::ScratchFolder folder;
  const std::string db = folder.path() / "t.db";
  {
    const assay::RunLock first(db, 1);
    CHECK_THROWS_AS(assay::RunLock(db, 1), assay::UserError);
    CHECK_NOTHROW(assay::RunLock(db, 2));
  }
  CHECK_NOTHROW(assay::RunLock(db, 1));
}
