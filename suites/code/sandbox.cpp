#include "suites/code/sandbox.h"

#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <stdexcept>
#include <thread>
#include <vector>

#include <fmt/core.h>
#include <unistd.h>

#include "harness/error.h"
#include "suites/code/sandbox_worker.h"

namespace assay {

namespace {

namespace fs = std::filesystem;

std::string usual_cache_folder() {
  if (geteuid() == 0) {
    return "/var/cache/assay/headers";  // the sandbox's user must be able to read it
  }
  // Read once, while the program is being put together.
  if (const char* cache = std::getenv("XDG_CACHE_HOME")) {  // NOLINT(concurrency-mt-unsafe)
    return std::string(cache) + "/assay/headers";
  }
  const char* home = std::getenv("HOME");  // NOLINT(concurrency-mt-unsafe)
  return home == nullptr ? "" : std::string(home) + "/.cache/assay/headers";
}

// Without such a folder everything works, at the speed of a compiler without precompiled headers.
std::string make_folder(const std::string& path) {
  std::error_code error;
  fs::create_directories(path, error);
  const bool usable = !error && fs::is_directory(path, error) && access(path.c_str(), W_OK) == 0;
  return usable ? path : "";
}

std::string refusal(const std::string& said) {
  return fmt::format(
      "this machine cannot isolate programs ({}): code suites need bubblewrap (apt-get install "
      "bubblewrap python3) and unprivileged user namespaces (sysctl user.max_user_namespaces, "
      "kernel.unprivileged_userns_clone; in a container: permission to use them); "
      "--unsafe-no-sandbox runs programs without isolation",
      said);
}

}  // namespace

class Sandbox::Pool {
 public:
  explicit Pool(const SandboxOptions& options)
      : workers_max_(options.workers > 0
                         ? options.workers
                         : static_cast<int>(std::max(1U, std::thread::hardware_concurrency()))) {
    setup_.isolate = options.isolate;
    const std::string folder =
        options.cache_folder.empty() ? usual_cache_folder() : options.cache_folder;
    setup_.header_folder = folder.empty() ? "" : make_folder(folder);
    try {
      idle_.push_back(std::make_unique<SandboxWorker>(setup_));
      started_ = 1;
    } catch (const std::runtime_error& error) {
      throw UserError(options.isolate ? refusal(error.what())
                                      : fmt::format("--unsafe-no-sandbox: {}", error.what()));
    }
  }

  const std::string& header_folder() const { return setup_.header_folder; }

  // The sandbox may die of causes of its own, such as lack of memory: the job is tried once more.
  Report run(const Job& job) {
    std::string said = "the sandbox ended unexpectedly";
    for (int attempt = 0; attempt < 2; ++attempt) {
      try {
        std::unique_ptr<SandboxWorker> worker = take();
        std::optional<Report> report = worker->run(job);
        if (report) {
          give_back(std::move(worker));
          return *std::move(report);
        }
        give_back(nullptr);
      } catch (const std::runtime_error& error) {
        give_back(nullptr);
        said = error.what();
      }
    }
    Report report;
    report.trouble = said;
    return report;
  }

 private:
  std::unique_ptr<SandboxWorker> take() {
    std::unique_lock lock(mutex_);
    one_is_free_.wait(lock, [this] { return !idle_.empty() || started_ < workers_max_; });
    if (idle_.empty()) {
      ++started_;
      lock.unlock();
      return std::make_unique<SandboxWorker>(setup_);
    }
    std::unique_ptr<SandboxWorker> worker = std::move(idle_.back());
    idle_.pop_back();
    return worker;
  }

  void give_back(std::unique_ptr<SandboxWorker> worker) {
    const std::lock_guard lock(mutex_);
    if (worker) {
      idle_.push_back(std::move(worker));
    } else {
      --started_;
    }
    one_is_free_.notify_one();
  }

  const int workers_max_;
  WorkerSetup setup_;
  std::mutex mutex_;
  std::condition_variable one_is_free_;
  std::vector<std::unique_ptr<SandboxWorker>> idle_;  // guarded by mutex_
  int started_ = 0;                                   // guarded by mutex_; idle ones included
};

Sandbox::Sandbox(SandboxOptions options) : pool_(std::make_unique<Pool>(options)) {}
Sandbox::~Sandbox() = default;

Report Sandbox::run(const Job& job) {
  return pool_->run(job);
}

std::string Sandbox::kept_header(const std::string& name) const {
  const std::string& folder = pool_->header_folder();
  std::error_code error;
  return !folder.empty() && fs::exists(fs::path(folder) / name, error) ? folder : "";
}

std::string Sandbox::keep_header(const std::string& name, const std::string& bytes) {
  const std::string& folder = pool_->header_folder();
  if (folder.empty()) {
    return "";
  }
  // Written aside and renamed: another process may be reading, or making the same one.
  const fs::path path = fs::path(folder) / name;
  const fs::path aside = path.string() + fmt::format(".{}", getpid());
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  std::ofstream out(aside, std::ios::binary);
  out.write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
  out.close();
  if (!out) {
    fs::remove(aside, error);
    return "";
  }
  fs::rename(aside, path, error);
  return error ? "" : folder;
}

}  // namespace assay
