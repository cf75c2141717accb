// Keeps two processes from continuing the same run of the same results file.
#pragma once

#include <cstdint>
#include <string>

namespace assay {

// Held until destroyed or until the process ends, however it ends. Beside FILE.db it uses
// FILE.db.lock, which stays. Not a lock on the results file itself: closing a second descriptor of
// that file would drop SQLite's own locks.
class RunLock {
 public:
  RunLock() = default;

  // Throws UserError where another process holds it.
  RunLock(const std::string& db_path, std::int64_t run_id);
  ~RunLock();
  RunLock(const RunLock&) = delete;
  RunLock& operator=(const RunLock&) = delete;
  RunLock(RunLock&& other) noexcept;
  RunLock& operator=(RunLock&& other) noexcept;

 private:
  int descriptor_ = -1;
};

}  // namespace assay
