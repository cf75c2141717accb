#include "harness/results_file.h"

#include <SQLiteCpp/Database.h>
#include <fmt/core.h>

#include "harness/error.h"

namespace assay {

int results_file_version(SQLite::Database& db, const std::string& path) {
  const int version = db.execAndGet("PRAGMA user_version").getInt();
  const int application = db.execAndGet("PRAGMA application_id").getInt();
  const int tables = db.execAndGet("SELECT count(*) FROM sqlite_master").getInt();
  if (tables == 0) {
    return 0;
  }
  if (application != results_file_application) {
    throw UserError(fmt::format("{}: is a database, but no results file of assay", path));
  }
  if (version > results_file_version_now) {
    throw UserError(fmt::format(
        "{}: was written by a newer assay (version {} of the file, this program knows {})", path,
        version, results_file_version_now));
  }
  return version;
}

}  // namespace assay
