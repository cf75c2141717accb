#include "harness/run_lock.h"

#include <cerrno>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include "harness/error.h"

namespace assay {

RunLock::RunLock(const std::string& db_path, std::int64_t run_id) {
  const std::string path = db_path + ".lock";
  descriptor_ = open(path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644);
  if (descriptor_ < 0) {
    const std::error_code error(errno, std::generic_category());
    throw UserError(fmt::format("{}: {}", path, error.message()));
  }
  // One byte of the file stands for one run. An open-file-description lock goes with the
  // descriptor.
  struct flock range = {};
  range.l_type = F_WRLCK;
  range.l_whence = SEEK_SET;
  range.l_start = run_id;
  range.l_len = 1;
  if (fcntl(descriptor_, F_OFD_SETLK, &range) != 0) {
    close(descriptor_);
    throw UserError(fmt::format(
        "run {} of {} is at work in another process; wait for it, or use --new", run_id, db_path));
  }
}

RunLock::~RunLock() {
  if (descriptor_ >= 0) {
    close(descriptor_);
  }
}

RunLock::RunLock(RunLock&& other) noexcept : descriptor_(std::exchange(other.descriptor_, -1)) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
  std::swap(descriptor_, other.descriptor_);
  return *this;
}

}  // namespace assay
