#include "harness/results_file.h"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>

#include "harness/error.h"
#include "tests/catch.h"

using assay::results_file_version;

TEST_CASE("an empty database is version 0, a foreign or newer one is refused") {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  CHECK(results_file_version(db, "x.db") == 0);
  db.exec("CREATE TABLE t (a)");
  CHECK_THROWS_WITH(results_file_version(db, "x.db"), Catch::Contains("no results file"));
  db.exec(fmt::format("PRAGMA application_id = {}; PRAGMA user_version = 99",
                      assay::results_file_application));
  CHECK_THROWS_WITH(results_file_version(db, "x.db"), Catch::Contains("newer assay"));
}
