// One sandbox: its first process, and the channel on which jobs go in and reports come out.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <sys/types.h>

#include "suites/code/cgroup.h"
#include "suites/code/launcher.h"

namespace assay {

// A descriptor that is closed at the end of its scope.
class Descriptor {
 public:
  explicit Descriptor(int fd = -1) : fd_(fd) {}
  ~Descriptor();
  Descriptor(Descriptor&& other) noexcept : fd_(other.fd_) { other.fd_ = -1; }
  Descriptor& operator=(Descriptor&& other) noexcept;
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int number() const { return fd_; }
  void close();

 private:
  int fd_;
};

struct WorkerSetup {
  bool isolate = true;
  std::string header_folder;  // shown read-only at the same path; empty: none
};

// Thread rule: one thread at a time.
class SandboxWorker {
 public:
  // Throws std::runtime_error with one line that says what the machine refused.
  explicit SandboxWorker(const WorkerSetup& setup);
  ~SandboxWorker();
  SandboxWorker(const SandboxWorker&) = delete;
  SandboxWorker& operator=(const SandboxWorker&) = delete;

  // Empty where the sandbox has died: it must be replaced.
  std::optional<Report> run(const Job& job);

 private:
  void start(const WorkerSetup& setup);
  std::string what_it_said() const;

  const bool isolate_;
  Cgroup cgroup_;
  Descriptor channel_;
  Descriptor errors_;
  pid_t pid_ = -1;
};

}  // namespace assay
