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
#include "embedded/supervisor_so.h"
#include "suites/code/sandbox/job_wire.h"
#include "suites/code/seccomp_filter.h"

namespace assay {

namespace {

namespace fs = std::filesystem;

constexpr int channel_number = 3;  // in the sandbox
constexpr int program_number = 4;  // the supervisor's own text
constexpr int library_number = 5;  // and its library
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
                                    std::pair{"PYTHONHASHSEED", "0"},
                                    // What is looked up once is not looked up by every program.
                                    std::pair{"LD_BIND_NOW", "1"}}) {
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
  command.insert(command.end(), {"--ro-bind-data",
                                 std::to_string(program_number),
                                 "/supervisor.py",
                                 "--ro-bind-data",
                                 std::to_string(library_number),
                                 "/supervisor.so",
                                 "--tmpfs",
                                 "/tmp",
                                 "--remount-ro",
                                 "/tmp",
                                 "--remount-ro",
                                 "/",
                                 "--chdir",
                                 "/",
                                 "/usr/bin/python3",
                                 "-s",
                                 "-B",
                                 "/supervisor.py",
                                 std::to_string(channel_number),
                                 "/supervisor.so"});
  return command;
}

std::vector<std::string> plain_command() {
  return {"/usr/bin/python3",
          "-s",
          "-B",
          fmt::format("/proc/self/fd/{}", program_number),
          std::to_string(channel_number),
          fmt::format("/proc/self/fd/{}", library_number)};
}

// Everything is in the control group from its first instruction on: a shell enters it and becomes
// the command.
std::vector<std::string> inside(const std::vector<std::string>& entrances,
                                std::vector<std::string> command) {
  if (entrances.empty()) {
    return command;
  }
  std::vector<std::string> whole = {
      "/bin/sh", "-c",
      R"(while [ "$1" != -- ]; do echo 0 > "$1" || exit 1; shift; done; shift; exec "$@")", "sh"};
  whole.insert(whole.end(), entrances.begin(), entrances.end());
  whole.emplace_back("--");
  whole.insert(whole.end(), command.begin(), command.end());
  return whole;
}

// The descriptors of one job.
struct JobFiles {
  std::array<std::int32_t, job_files> at{-1, -1, -1, -1, -1, -1, -1, -1};  // in `files`, by JobFile
  std::vector<Descriptor> files;

  void add(JobFile which, std::string_view bytes, bool seal) {
    at[static_cast<std::size_t>(which)] = static_cast<std::int32_t>(files.size());
    files.push_back(memory_file(bytes, seal));
  }
  std::string text(JobFile which, std::uint64_t bytes_max) const {
    const std::int32_t found = at[static_cast<std::size_t>(which)];
    return found < 0 ? std::string() : contents(files[static_cast<std::size_t>(found)], bytes_max);
  }
};

JobFiles files_of(const Job& job) {
  JobFiles files;
  if (job.mode == Mode::calls || job.mode == Mode::script || job.mode == Mode::compile) {
    files.add(JobFile::code, job.code, true);
  }
  if (job.mode == Mode::script || job.mode == Mode::native) {
    files.add(JobFile::input, job.input, true);
  }
  if (job.mode == Mode::compile) {
    files.add(JobFile::binary, "", false);
  } else if (!job.binary.empty()) {
    files.add(JobFile::binary, job.binary, true);
  }
  if (!job.check.empty()) {
    files.add(JobFile::check, job.check, true);
    files.add(JobFile::result, "", false);
  }
  if (!job.check_binary.empty()) {
    files.add(JobFile::check_binary, job.check_binary, true);
  }
  files.add(JobFile::out, "", false);
  files.add(JobFile::error, "", false);
  return files;
}

// Throws std::runtime_error where the job's texts are longer than a message.
std::string description(const Job& job, const JobFiles& files, const std::string& folder) {
  const bool has_check = !job.check.empty() && job.mode != Mode::joined;
  const JobWire wire{.wall_s = job.limits.wall_s,
                     .cpu_s = job.limits.cpu_s,
                     .memory_bytes = job.limits.memory_bytes,
                     .output_bytes = job.limits.output_bytes,
                     .folder_bytes = job.limits.folder_bytes,
                     .threads = job.limits.threads,
                     .mode = static_cast<std::int32_t>(job.mode),
                     .check = !has_check                ? CheckWire::none
                              : job.mode == Mode::calls ? CheckWire::python
                                                        : CheckWire::native,
                     .arguments = static_cast<std::int32_t>(job.argv.size()),
                     .files = files.at};
  std::string text(reinterpret_cast<const char*>(&wire), sizeof wire);
  text.append(job.sanitize_for).push_back('\0');
  text.append(folder).push_back('\0');
  for (const std::string& argument : job.argv) {
    text.append(argument).push_back('\0');
  }
  if (text.size() >= message_bytes_max || job.argv.size() >= job_arguments_max) {
    throw std::runtime_error("a job's description is too long");
  }
  return text;
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

Ending ending_of(const EndingWire& wire) {
  return {.exit_status = wire.exit_status,
          .signal = wire.signal,
          .cpu_s = wire.cpu_s,
          .memory_bytes = wire.memory_bytes};
}

std::string first_message(bool isolate) {
  SetupWire setup;
  setup.isolated = isolate ? 1 : 0;
  std::string programs;
  std::size_t i = 0;
  for (const FilterKind kind : {FilterKind::sandbox, FilterKind::python, FilterKind::native,
                                FilterKind::check, FilterKind::compiler}) {
    const std::string program = seccomp_filter(kind);
    setup.filter_bytes.at(i++) = static_cast<std::int32_t>(program.size());
    programs += program;
  }
  return std::string(reinterpret_cast<const char*>(&setup), sizeof setup) + programs;
}

// A folder of a job's own where there is no isolation; empty where each program gets its own /tmp.
class JobFolder {
 public:
  explicit JobFolder(bool wanted) {
    if (wanted) {
      std::string path = (fs::temp_directory_path() / "assay-XXXXXX").string();
      path_ = mkdtemp(path.data()) == nullptr ? "" : path;
    }
  }
  ~JobFolder() {
    std::error_code error;
    if (!path_.empty()) {
      fs::remove_all(path_, error);
    }
  }
  JobFolder(const JobFolder&) = delete;
  JobFolder& operator=(const JobFolder&) = delete;
  const std::string& path() const { return path_; }

 private:
  std::string path_;
};

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

SandboxWorker::SandboxWorker(const WorkerSetup& setup) : isolate_(setup.isolate) {
  errors_ = memory_file("", false);
  start(setup);
  const std::string first = first_message(setup.isolate);
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
  const Descriptor library = memory_file(
      {reinterpret_cast<const char*>(supervisor_so.data()), supervisor_so.size()}, true);
  std::vector<std::string> command =
      inside(cgroup_.entrances(), setup.isolate ? bubblewrap_command(setup) : plain_command());
  std::vector<char*> arguments;
  arguments.reserve(command.size() + 1);
  for (std::string& argument : command) {
    arguments.push_back(argument.data());
  }
  arguments.push_back(nullptr);

  // Numbers above those that are given out, so that no copy overwrites another's source.
  const Descriptor high_channel(fcntl(theirs.number(), F_DUPFD_CLOEXEC, 64));
  const Descriptor high_program(fcntl(program.number(), F_DUPFD_CLOEXEC, 64));
  const Descriptor high_library(fcntl(library.number(), F_DUPFD_CLOEXEC, 64));
  const Descriptor high_errors(fcntl(errors_.number(), F_DUPFD_CLOEXEC, 64));
  posix_spawn_file_actions_t actions{};
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, 1, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, high_errors.number(), 2);
  posix_spawn_file_actions_adddup2(&actions, high_channel.number(), channel_number);
  posix_spawn_file_actions_adddup2(&actions, high_program.number(), program_number);
  posix_spawn_file_actions_adddup2(&actions, high_library.number(), library_number);
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
  const JobFolder folder(!isolate_);
  // Answer, check, folder and files each have limits of their own, far below this together.
  constexpr std::uint64_t spare_bytes = std::uint64_t{1} << 30U;
  cgroup_.limit_memory(2 * job.limits.memory_bytes + job.limits.folder_bytes +
                       4 * job.limits.output_bytes + spare_bytes);
  if (!send_with_files(channel_.number(), description(job, files, folder.path()), files.files)) {
    return std::nullopt;
  }
  // The supervisor ends the job at wall_s; this is for its own death.
  constexpr double grace_s = 20;
  const std::string reply = next_message(channel_.number(), job.limits.wall_s + grace_s);
  ReportWire wire;
  if (reply.size() != sizeof wire) {
    return std::nullopt;
  }
  std::memcpy(&wire, reply.data(), sizeof wire);
  wire.trouble.back() = '\0';
  Report report;
  report.trouble = wire.trouble.data();
  report.timed_out = wire.timed_out != 0;
  report.wall_s = wire.wall_s;
  report.answer = ending_of(wire.answer);
  report.check = ending_of(wire.check);
  constexpr std::uint64_t result_bytes_max = 1U << 16U;
  report.out = files.text(JobFile::out, job.limits.output_bytes);
  report.error = files.text(JobFile::error, job.limits.output_bytes);
  report.result = files.text(JobFile::result, result_bytes_max);
  if (job.mode == Mode::compile) {
    report.binary = files.text(JobFile::binary, job.limits.output_bytes);
  }
  return report;
}

}  // namespace assay
