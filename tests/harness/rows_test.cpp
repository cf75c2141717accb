#include "harness/rows.h"

#include <SQLiteCpp/Database.h>
#include <SQLiteCpp/Statement.h>
#include <fmt/core.h>

#include "embedded/schema_sql.h"
#include "tests/catch.h"

TEST_CASE("the lists of columns name every column of their table but its keys to other rows") {
  SQLite::Database db(":memory:", SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE);
  db.exec(std::string(assay::schema_sql));
  const auto listed = [&](std::string_view columns, const char* table) {
    return SQLite::Statement(db, fmt::format("SELECT {} FROM {}", columns, table)).getColumnCount();
  };
  const auto all = [&](const char* table) {
    return SQLite::Statement(db, fmt::format("SELECT * FROM {}", table)).getColumnCount();
  };
  CHECK(listed(assay::run_columns, "run") == all("run"));
  CHECK(listed(assay::sample_columns, "sample") == all("sample") - 1);  // answer_id
  CHECK(listed(assay::answer_columns, "answer") == all("answer") - 1);  // id
  CHECK(listed(assay::measurement_columns, "measurement") == all("measurement"));
}
