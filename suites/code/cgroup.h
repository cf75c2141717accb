// A control group for one sandbox, where the machine grants one: a limit on the memory, the
// kernel's included, and on the processes of all that is in it together. What each process may have
// is limited without it; this is for what adds up.
//
// Granted is version 1 (a folder for each of memory and pids) or version 2 (the program's own group
// or its parent, where these controllers are switched on), if this user may write there: root, or
// a group that was delegated.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace assay {

class Cgroup {
 public:
  // Never throws: without a grant it limits nothing.
  Cgroup();
  // The processes in it must be ending; waits for them at most a second.
  ~Cgroup();
  Cgroup(const Cgroup&) = delete;
  Cgroup& operator=(const Cgroup&) = delete;

  // A process that writes "0" to each of these is in the group, and so is what it starts. Empty:
  // there is no group.
  std::vector<std::string> entrances() const;

  // The limit of the memory of everything in it; the kernel ends what goes beyond.
  void limit_memory(std::uint64_t bytes);

 private:
  std::vector<std::filesystem::path> folders_;
  std::uint64_t memory_bytes_ = 0;
};

}  // namespace assay
