// What makes a SQLite file a results file of ours, and of which version.
#pragma once

#include <cstdint>
#include <string>

namespace SQLite {
class Database;
}

namespace assay {

constexpr std::int32_t results_file_application = 0x41736179;  // "Asay", PRAGMA application_id
constexpr int results_file_version_now = 1;                    // PRAGMA user_version

// 0 for an empty file. Throws UserError where the file is something else, or newer than this
// program.
int results_file_version(SQLite::Database& db, const std::string& path);

}  // namespace assay
