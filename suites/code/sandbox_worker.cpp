#include "suites/code/sandbox_worker.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <filesystem>
#include <stdexcept>
#include <string_view>
#include <thread>
#include <utility>

#include <fcntl.h>
#include <fmt/core.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <spawn.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "embedded/sandbox_answer_py.h"
#include "embedded/sandbox_check_py.h"
#include "embedded/sandbox_evalplus_py.h"
#include "embedded/sandbox_supervisor_py.h"
#include "embedded/sandbox_wire_py.h"
#include "suites/code/seccomp_filter.h"

namespace assay {

namespace {

namespace fs = std::filesystem;
using nlohmann::json;

constexpr int channel_number = 3;  // in the sandbox
constexpr int program_number = 4;  // the supervisor's own text
constexpr int nobody = 65534;

// A file in memory that holds `bytes`. A sealed one can no longer be changed by anybody.
Descriptor memory_file(std::string_view bytes, bool seal) {
  Descriptor file(memfd_create("assay", MFD_CLOEXEC | MFD_ALLOW_SEALING));
  if (file.number() < 0) {
    throw std::runtime_error(
        fmt::format("memfd_create: {}", std::generic_category().message(errno)));
  }
  while (!bytes.empty()) {
    const ssize_t n = write(file.number(), bytes.data(), bytes.size());
    if (n <= 0) {
      throw std::runtime_error(
          fmt::format("no memory for a file: {}", std::generic_category().message(errno)));
    }
    bytes.remove_prefix(static_cast<std::size_t>(n));
  }
  lseek(file.number(), 0, SEEK_SET);
  if (seal) {
    fcntl(file.number(), F_ADD_SEALS, F_SEAL_WRITE | F_SEAL_GROW | F_SEAL_SHRINK | F_SEAL_SEAL);
  }
  return file;
}

std::string contents(const Descriptor& file, std::uint64_t bytes_max) {
  struct stat facts {};
  if (fstat(file.number(), &facts) != 0) {
    return {};
  }
  std::string text(std::min<std::uint64_t>(static_cast<std::uint64_t>(facts.st_size), bytes_max),
                   '\0');
  std::size_t size = 0;
  while (size < text.size()) {
    const ssize_t n =
        pread(file.number(), text.data() + size, text.size() - size, static_cast<off_t>(size));
    if (n <= 0) {
      break;
    }
    size += static_cast<std::size_t>(n);
  }
  text.resize(size);
  return text;
}

std::string base64(std::string_view bytes) {
  static constexpr std::string_view digits =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t three = 0;
    for (std::size_t k = 0; k < 3; ++k) {
      three =
          (three << 8U) | (i + k < bytes.size() ? static_cast<unsigned char>(bytes[i + k]) : 0U);
    }
    for (std::size_t k = 0; k < 4; ++k) {
      text += i + k > bytes.size() ? '=' : digits[(three >> (18U - 6U * k)) & 63U];
    }
  }
  return text;
}

// Where /bin, /lib and so on are links into /usr, as on Debian, the sandbox gets the same links.
void show_system_folders(std::vector<std::string>& command) {
  for (const char* name : {"/bin", "/sbin", "/lib", "/lib64", "/lib32"}) {
    std::error_code error;
    if (fs::is_symlink(name, error)) {
      command.insert(command.end(), {"--symlink", fs::read_symlink(name, error).string(), name});
    } else if (fs::is_directory(name, error)) {
      command.insert(command.end(), {"--ro-bind", name, name});
    }
  }
}

// Root's own limits are not enforced by the kernel, so root first becomes nobody.
std::vector<std::string> bubblewrap_command(const WorkerSetup& setup) {
  std::vector<std::string> command;
  if (geteuid() == 0) {
    const std::string id = std::to_string(nobody);
    command = {"setpriv", "--reuid", id, "--regid", id, "--clear-groups"};
  }
  command.insert(command.end(),
                 {"bwrap", "--unshare-user", "--unshare-pid", "--unshare-net", "--unshare-ipc",
                  "--unshare-uts", "--unshare-cgroup-try", "--uid", "1000", "--gid", "1000",
                  "--hostname", "sandbox", "--as-pid-1", "--new-session", "--clearenv"});
  for (const auto& [name, value] : {std::pair{"PATH", "/usr/bin:/bin"}, std::pair{"HOME", "/tmp"},
                                    std::pair{"LC_ALL", "C.UTF-8"},
                                    // Sets come in the same order every time.
                                    std::pair{"PYTHONHASHSEED", "0"}}) {
    command.insert(command.end(), {"--setenv", name, value});
  }
  command.insert(command.end(),
                 {"--cap-drop", "ALL", "--cap-add", "CAP_SYS_ADMIN", "--ro-bind", "/usr", "/usr"});
  show_system_folders(command);
  command.insert(command.end(), {"--dir", "/dev"});
  for (const char* device :
       {"/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom"}) {
    command.insert(command.end(), {"--dev-bind", device, device});
  }
  if (!setup.header_folder.empty()) {
    command.insert(command.end(), {"--ro-bind", setup.header_folder, setup.header_folder});
  }
  command.insert(command.end(), {"--ro-bind-data", std::to_string(program_number), "/supervisor.py",
                                 "--tmpfs", "/tmp", "--remount-ro", "/tmp", "--remount-ro", "/",
                                 "--chdir", "/", "/usr/bin/python3", "-s", "-B", "/supervisor.py",
                                 std::to_string(channel_number)});
  return command;
}

std::vector<std::string> plain_command() {
  return {"/usr/bin/python3", "-s", "-B", fmt::format("/proc/self/fd/{}", program_number),
          std::to_string(channel_number)};
}

const char* name_of(Mode mode) {
  switch (mode) {
    case Mode::calls:
      return "calls";
    case Mode::script:
      return "script";
    case Mode::compile:
      return "compile";
    case Mode::native:
      return "native";
    case Mode::joined:
      return "joined";
  }
  return "";
}

// The descriptors of one job, by the names that the supervisor knows them by.
struct JobFiles {
  std::vector<std::string> names;
  std::vector<Descriptor> files;

  Descriptor& add(const char* name, std::string_view bytes, bool seal) {
    names.emplace_back(name);
    return files.emplace_back(memory_file(bytes, seal));
  }
  std::string text(std::string_view name, std::uint64_t bytes_max) const {
    const auto found = std::find(names.begin(), names.end(), name);
    return found == names.end()
               ? std::string()
               : contents(files[static_cast<std::size_t>(found - names.begin())], bytes_max);
  }
};

JobFiles files_of(const Job& job) {
  JobFiles files;
  if (job.mode == Mode::calls || job.mode == Mode::script || job.mode == Mode::compile) {
    files.add("code", job.code, true);
  }
  if (job.mode == Mode::script || job.mode == Mode::native) {
    files.add("stdin", job.input, true);
  }
  if (job.mode == Mode::compile) {
    files.add("binary", "", false);
  } else if (!job.binary.empty()) {
    files.add("binary", job.binary, true);
  }
  if (!job.check.empty()) {
    files.add("check", job.check, true);
    files.add("result", "", false);
  }
  if (!job.check_binary.empty()) {
    files.add("check_binary", job.check_binary, true);
  }
  files.add("stdout", "", false);
  files.add("stderr", "", false);
  return files;
}

json description(const Job& job, const JobFiles& files) {
  const bool has_check = !job.check.empty() && job.mode != Mode::joined;
  return {{"mode", name_of(job.mode)},
          {"wall_s", job.limits.wall_s},
          {"cpu_s", job.limits.cpu_s},
          {"memory_bytes", job.limits.memory_bytes},
          {"output_bytes", job.limits.output_bytes},
          {"folder_bytes", job.limits.folder_bytes},
          {"threads", job.limits.threads},
          {"argv", job.argv},
          {"sanitize_for", job.sanitize_for},
          {"check", !has_check                ? ""
                    : job.mode == Mode::calls ? "python"
                                              : "native"},
          {"fds", files.names}};
}

bool send_with_files(int channel, const std::string& text, const std::vector<Descriptor>& files) {
  constexpr std::size_t files_max = 16;
  std::array<char, CMSG_SPACE(sizeof(int) * files_max)> control{};
  iovec part{.iov_base = const_cast<char*>(text.data()), .iov_len = text.size()};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = CMSG_SPACE(sizeof(int) * files.size());
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof(int) * files.size());
  for (std::size_t i = 0; i < files.size(); ++i) {
    const int fd = files[i].number();
    std::memcpy(CMSG_DATA(header) + i * sizeof(int), &fd, sizeof(int));
  }
  return sendmsg(channel, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(text.size());
}

// One message; empty where the other side has gone, or has been silent for too long.
std::string next_message(int channel, double wait_s) {
  pollfd ready{.fd = channel, .events = POLLIN, .revents = 0};
  int n = 0;
  do {
    n = poll(&ready, 1, static_cast<int>(wait_s * 1000));
  } while (n < 0 && errno == EINTR);
  if (n <= 0) {
    return {};
  }
  std::string text(std::size_t{1} << 16U, '\0');
  const ssize_t size = recv(channel, text.data(), text.size(), 0);
  text.resize(size > 0 ? static_cast<std::size_t>(size) : 0);
  return text;
}

Ending ending_of(const json& value) {
  Ending ending;
  if (value.is_object()) {
    ending.exit_status = value.value("exit", -1);
    ending.signal = value.value("signal", 0);
    ending.cpu_s = value.value("cpu_s", 0.0);
    ending.memory_bytes = value.value("memory_bytes", std::uint64_t{0});
  }
  return ending;
}

std::string filters() {
  json setup = {{"filters", json::object()}};
  for (const auto& [name, kind] :
       {std::pair{"python", FilterKind::python}, std::pair{"native", FilterKind::native},
        std::pair{"check", FilterKind::check}, std::pair{"compiler", FilterKind::compiler}}) {
    setup["filters"][name] = base64(seccomp_filter(kind));
  }
  return setup["filters"].dump();
}

}  // namespace

Descriptor::~Descriptor() {
  close();
}

Descriptor& Descriptor::operator=(Descriptor&& other) noexcept {
  std::swap(fd_, other.fd_);
  return *this;
}

void Descriptor::close() {
  if (fd_ >= 0) {
    ::close(fd_);
    fd_ = -1;
  }
}

SandboxWorker::SandboxWorker(const WorkerSetup& setup) {
  errors_ = memory_file("", false);
  start(setup);
  const json isolated = setup.isolate;
  const std::string first =
      fmt::format(R"({{"isolated": {}, "filters": {}}})", isolated.dump(), filters());
  const bool sent = send(channel_.number(), first.data(), first.size(), MSG_NOSIGNAL) > 0;
  constexpr double start_limit_s = 30;
  if (!sent || next_message(channel_.number(), start_limit_s).empty()) {
    throw std::runtime_error(what_it_said());
  }
}

void SandboxWorker::start(const WorkerSetup& setup) {
  int ends[2];
  if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) {
    throw std::runtime_error(fmt::format("socketpair: {}", std::generic_category().message(errno)));
  }
  channel_ = Descriptor(ends[0]);
  const Descriptor theirs(ends[1]);
  const std::string text = fmt::format("{}\n{}\n{}\n{}\n{}", sandbox_wire_py, sandbox_evalplus_py,
                                       sandbox_answer_py, sandbox_check_py, sandbox_supervisor_py);
  const Descriptor program = memory_file(text, true);
  std::vector<std::string> command = setup.isolate ? bubblewrap_command(setup) : plain_command();
  std::vector<char*> arguments;
  for (std::string& argument : command) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);

  // Numbers above those that are given out, so that no copy overwrites another's source.
  const Descriptor high_channel(fcntl(theirs.number(), F_DUPFD_CLOEXEC, 64));
  const Descriptor high_program(fcntl(program.number(), F_DUPFD_CLOEXEC, 64));
  const Descriptor high_errors(fcntl(errors_.number(), F_DUPFD_CLOEXEC, 64));
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, high_errors.number(), 2);
  posix_spawn_file_actions_adddup2(&actions, high_channel.number(), channel_number);
  posix_spawn_file_actions_adddup2(&actions, high_program.number(), program_number);
  posix_spawnattr_t attributes{};
  posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETSIGMASK);
  std::array<std::string, 2> environment = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "PYTHONHASHSEED=0"};
  std::array<char*, 3> variables = {environment[0].data(), environment[1].data(), nullptr};
  const int result =
      posix_spawnp(&pid_, arguments[0], &actions, &attributes, arguments.data(), variables.data());
  posix_spawn_file_actions_destroy(&actions);
  posix_spawnattr_destroy(&attributes);
  if (result != 0) {
    pid_ = -1;
    throw std::runtime_error(fmt::format("{} cannot be started: {}", command[0],
                                         std::generic_category().message(result)));
  }
}

SandboxWorker::~SandboxWorker() {
  channel_.close();
  if (pid_ < 0) {
    return;
  }
  // The end of its channel ends it; what does not hear is killed.
  using std::chrono::steady_clock;
  const auto deadline = steady_clock::now() + std::chrono::seconds(5);
  while (waitpid(pid_, nullptr, WNOHANG) == 0) {
    if (steady_clock::now() > deadline) {
      kill(pid_, SIGKILL);
      waitpid(pid_, nullptr, 0);
      break;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
  }
}

std::string SandboxWorker::what_it_said() const {
  constexpr std::uint64_t bytes_max = 2000;
  std::string text = contents(errors_, bytes_max);
  while (!text.empty() && text.back() == '\n') {
    text.pop_back();
  }
  // A traceback's last line says what it was.
  text = text.substr(text.rfind('\n') + 1);
  return text.empty() ? "it did not start" : text;
}

std::optional<Report> SandboxWorker::run(const Job& job) {
  const JobFiles files = files_of(job);
  if (!send_with_files(channel_.number(), description(job, files).dump(), files.files)) {
    return std::nullopt;
  }
  constexpr double grace_s =
      20;  // the supervisor ends the job at wall_s; this is for its own death
  const std::string reply = next_message(channel_.number(), job.limits.wall_s + grace_s);
  if (reply.empty()) {
    return std::nullopt;
  }
  const json value = json::parse(reply, nullptr, false);
  Report report;
  if (value.is_discarded()) {
    return std::nullopt;
  }
  report.trouble = value.value("trouble", std::string());
  report.timed_out = value.value("timed_out", false);
  report.wall_s = value.value("wall_s", 0.0);
  report.answer = ending_of(value["answer"]);
  report.check = ending_of(value["check"]);
  constexpr std::uint64_t result_bytes_max = 1U << 16U;
  report.out = files.text("stdout", job.limits.output_bytes);
  report.error = files.text("stderr", job.limits.output_bytes);
  report.result = files.text("result", result_bytes_max);
  if (job.mode == Mode::compile) {
    report.binary = files.text("binary", job.limits.output_bytes);
  }
  return report;
}

}  // namespace assay
