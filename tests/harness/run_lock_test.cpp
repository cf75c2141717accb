#include "harness/run_lock.h"

#include <filesystem>

#include <unistd.h>

#include "harness/error.h"
#include "tests/catch.h"

TEST_CASE(
    "a run is locked once, another run of the same file is free, and a lock ends with its owner") {
  const std::string db =
      (std::filesystem::temp_directory_path() / ("assay-lock-" + std::to_string(getpid()) + ".db"))
          .string();
  {
    const assay::RunLock first(db, 1);
    CHECK_THROWS_AS(assay::RunLock(db, 1), assay::UserError);
    CHECK_NOTHROW(assay::RunLock(db, 2));
  }
  CHECK_NOTHROW(assay::RunLock(db, 1));
  std::filesystem::remove(db + ".lock");
}
