#include "suites/code/cgroup.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <optional>
#include <string_view>
#include <thread>

#include <fmt/core.h>
#include <unistd.h>

namespace assay {

namespace {

namespace fs = std::filesystem;

constexpr int processes_max = 512;  // and threads
const fs::path root = "/sys/fs/cgroup";

bool write_to(const fs::path& file, const std::string& text) {
  std::ofstream out(file);
  out << text;
  out.close();
  return static_cast<bool>(out);
}

// Folders of earlier runs of this program that were killed. One that is in use cannot be removed.
void sweep(const fs::path& base) {
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(base, error)) {
    const std::string name = entry.path().filename().string();
    const long pid = name.rfind("assay-", 0) == 0 ? std::strtol(name.c_str() + 6, nullptr, 10) : 0;
    if (pid > 0 && kill(static_cast<pid_t>(pid), 0) != 0 && errno == ESRCH) {
      rmdir(entry.path().c_str());
    }
  }
}

// A new folder below `base` that has the file, or nothing.
std::optional<fs::path> made_below(const fs::path& base, const char* file) {
  if (access(base.c_str(), W_OK) != 0) {
    return std::nullopt;
  }
  sweep(base);
  std::string path = (base / fmt::format("assay-{}-XXXXXX", getpid())).string();
  if (mkdtemp(path.data()) == nullptr) {
    return std::nullopt;
  }
  if (access((path + "/" + file).c_str(), W_OK) != 0) {
    rmdir(path.c_str());
    return std::nullopt;
  }
  return path;
}

// One line of /proc/self/cgroup: "4:memory:/a/b" (version 1) or "0::/a/b" (version 2).
struct OwnGroup {
  std::string controllers;
  std::string path;
};

std::vector<OwnGroup> own_groups() {
  std::vector<OwnGroup> groups;
  std::ifstream in("/proc/self/cgroup");
  for (std::string line; std::getline(in, line);) {
    const std::size_t first = line.find(':');
    const std::size_t second = line.find(':', first + 1);
    if (second != std::string::npos) {
      groups.push_back({line.substr(first + 1, second - first - 1), line.substr(second + 2)});
    }
  }
  return groups;
}

}  // namespace

Cgroup::Cgroup() {
  for (const OwnGroup& own : own_groups()) {
    std::optional<fs::path> made;
    if (own.controllers == "memory" || own.controllers == "pids") {
      const char* file = own.controllers == "memory" ? "memory.limit_in_bytes" : "pids.max";
      made = made_below(root / own.controllers / own.path, file);
    } else if (own.controllers.empty()) {
      // A group that holds processes cannot hand its controllers down, so the group beside it is
      // tried too.
      const fs::path base = root / own.path;
      made = made_below(base, "memory.max");
      if (!made && base != root / "") {
        made = made_below(base.parent_path(), "memory.max");
      }
    }
    if (made) {
      folders_.push_back(*made);
      if (fs::exists(*made / "pids.max")) {
        write_to(*made / "pids.max", std::to_string(processes_max));
      }
    }
  }
}

Cgroup::~Cgroup() {
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + std::chrono::seconds(1);
  for (const fs::path& folder : folders_) {
    while (rmdir(folder.c_str()) != 0 && errno == EBUSY && steady_clock::now() < deadline) {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
  }
}

std::vector<std::string> Cgroup::entrances() const {
  std::vector<std::string> files;
  for (const fs::path& folder : folders_) {
    files.push_back((folder / "cgroup.procs").string());
  }
  return files;
}

void Cgroup::limit_memory(std::uint64_t bytes) {
  if (bytes == memory_bytes_) {
    return;
  }
  memory_bytes_ = bytes;
  for (const fs::path& folder : folders_) {
    for (const char* file : {"memory.max", "memory.limit_in_bytes"}) {
      if (access((folder / file).c_str(), W_OK) == 0) {
        write_to(folder / file, std::to_string(bytes));
      }
    }
  }
}

}  // namespace assay
