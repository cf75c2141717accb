// The real launcher: bubblewrap, seccomp and limits, around a warm interpreter per worker.
//
// One worker is one sandbox: new user, process, network, IPC, host-name and cgroup namespaces; the
// system's /usr read-only and nothing else of the machine; no /proc; no capabilities for programs.
// Its first process (suites/code/sandbox/supervisor.h) forks once for each answer, and each answer
// lives in process, mount and IPC namespaces of its own with a private /tmp, which end with it; the
// process that checks Python answers stays while their tests leave nothing behind in it. Run as
// root, a sandbox first becomes the user nobody, so that limits hold. All of one sandbox is in a
// control group where the machine grants one (suites/code/cgroup.h).
#pragma once

#include <memory>
#include <string>

#include "suites/code/launcher.h"

namespace assay {

struct SandboxOptions {
  int workers = 0;           // sandboxes at once; 0: one a core
  bool isolate = true;       // false: --unsafe-no-sandbox. Limits and system call filters only
  std::string cache_folder;  // for precompiled headers; empty: the machine's usual place
};

class Sandbox : public Launcher {
 public:
  // Starts one worker to see whether this machine can isolate programs. Throws UserError that says
  // what is missing where it cannot.
  explicit Sandbox(SandboxOptions options);
  ~Sandbox() override;
  Sandbox(const Sandbox&) = delete;
  Sandbox& operator=(const Sandbox&) = delete;

  Report run(const Job& job) override;
  std::string keep_header(const std::string& name, const std::string& bytes) override;
  std::string kept_header(const std::string& name) const override;

 private:
  class Pool;
  std::unique_ptr<Pool> pool_;
};

}  // namespace assay
