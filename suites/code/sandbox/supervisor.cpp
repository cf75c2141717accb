#include "suites/code/sandbox/supervisor.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <ctime>

#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "suites/code/sandbox/supervisor_program.h"

namespace assay {

namespace {

constexpr std::size_t files_max = 16;
constexpr int control_number = 3;  // in a check

// A check that has held more than this makes room for a new one.
constexpr std::uint64_t standing_bytes_max = std::uint64_t{128} << 20U;

// What a check's process is told of a job, beside four descriptors, and what it says after it.
struct CheckOrder {
  std::uint64_t memory_bytes;
  std::uint64_t output_bytes;
  double cpu_s;
  std::int32_t answer_pid;
};
struct CheckDone {
  double cpu_s;
  std::uint64_t memory_bytes;
  std::int32_t stays;
};

// A process that was forked. `fd` becomes readable when it ends.
struct Child {
  pid_t pid = -1;
  int fd = -1;
  bool ended = false;
  EndingWire ending;
};

// The check of Python answers, kept from job to job. `control` is this side of its socket.
struct StandingCheck {
  Child child;
  int control = -1;
};

int open_pidfd(pid_t pid) {
  return static_cast<int>(syscall(SYS_pidfd_open, pid, 0));  // close-on-exec
}

double now_s() {
  timespec time{};
  clock_gettime(CLOCK_MONOTONIC, &time);
  return static_cast<double>(time.tv_sec) + 1e-9 * static_cast<double>(time.tv_nsec);
}

// Receives one message and its descriptors; the bytes received, 0 at the end, -1 for an error.
ssize_t receive(int socket, void* bytes, std::size_t size, int* fds, std::size_t& count) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof(int) * files_max)> control;
  iovec part{.iov_base = bytes, .iov_len = size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  ssize_t n = 0;
  do {
    n = recvmsg(socket, &message, MSG_CMSG_CLOEXEC);
  } while (n < 0 && errno == EINTR);
  count = 0;
  const cmsghdr* header = n > 0 ? CMSG_FIRSTHDR(&message) : nullptr;
  if (header != nullptr && header->cmsg_type == SCM_RIGHTS) {
    count = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
    std::memcpy(fds, CMSG_DATA(header), count * sizeof(int));
  }
  return n;
}

bool send_with_files(int socket, const void* bytes, std::size_t size,
                     const std::array<int, 4>& fds) {
  alignas(cmsghdr) std::array<char, CMSG_SPACE(sizeof fds)> control{};
  iovec part{.iov_base = const_cast<void*>(bytes), .iov_len = size};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  message.msg_control = control.data();
  message.msg_controllen = control.size();
  cmsghdr* header = CMSG_FIRSTHDR(&message);
  header->cmsg_level = SOL_SOCKET;
  header->cmsg_type = SCM_RIGHTS;
  header->cmsg_len = CMSG_LEN(sizeof fds);
  std::memcpy(CMSG_DATA(header), fds.data(), sizeof fds);
  return sendmsg(socket, &message, MSG_NOSIGNAL) == static_cast<ssize_t>(size);
}

void close_fd(int& fd) {
  if (fd >= 0) {
    close(fd);
    fd = -1;
  }
}

void reap(Child& child, int options) {
  int status = 0;
  rusage usage{};
  pid_t pid = 0;
  while (!child.ended && (pid = wait4(child.pid, &status, options, &usage)) < 0 && errno == EINTR) {
  }
  if (!child.ended && pid != 0) {
    child.ended = true;
    child.ending = pid > 0 ? ending_of(status, usage) : EndingWire{};
  }
}

// Afterwards neither the process nor, where it is isolated, anything that it started is left.
void end(Child& child) {
  if (child.pid < 0) {
    return;
  }
  if (!child.ended) {
    kill(child.pid, SIGKILL);
    kill(-child.pid, SIGKILL);
    reap(child, 0);
  }
  close_fd(child.fd);
}

// Where messages are received.
struct Buffers {
  std::array<char, message_bytes_max> filters;  // the first one's, which are used until the end
  std::array<char, message_bytes_max> message;
};

class Supervisor {
 public:
  constexpr explicit Supervisor(Buffers& buffers) : buffers_(buffers) {}
  bool start(int channel);

  // Returns in children, with their part; false at the end, or where the part is none.
  bool serve(AssayPart& part);

 private:
  enum class Step { job_done, became_part };

  bool read_setup();
  bool take_job(std::size_t& size);
  Step run(AssayPart& part);
  Step fork_answer(AssayPart& part);
  Step fork_check(AssayPart& part);
  Step fork_standing(AssayPart& part);
  bool order_standing();
  bool wait(double deadline_s);
  void hear_standing();
  void end_standing();
  void end_job(double began_s);
  void fail(const char* what);
  void close_job();

  SandboxState state_;
  StandingCheck standing_;
  RunningJob job_;
  Child answer_;
  Child check_;  // of this job alone: a native one
  ReportWire report_;
  Buffers& buffers_;
};

bool Supervisor::read_setup() {
  std::size_t count = 0;
  std::array<int, files_max> none{};
  const ssize_t size =
      receive(state_.channel, buffers_.filters.data(), buffers_.filters.size(), none.data(), count);
  SetupWire setup;
  if (size < static_cast<ssize_t>(sizeof setup)) {
    return false;
  }
  std::memcpy(&setup, buffers_.filters.data(), sizeof setup);
  state_.isolated = setup.isolated != 0;
  char* at = buffers_.filters.data() + sizeof setup;
  for (std::size_t i = 0; i < state_.filters.size(); ++i) {
    state_.filters[i].len = static_cast<unsigned short>(
        static_cast<std::size_t>(setup.filter_bytes[i]) / sizeof(sock_filter));
    state_.filters[i].filter = reinterpret_cast<sock_filter*>(at);
    at += setup.filter_bytes[i];
  }
  return true;
}

bool Supervisor::start(int channel) {
  state_.null = open("/dev/null", O_RDWR | O_CLOEXEC);
  // From here on no descriptor of this process has a number that programs are given.
  while (state_.null >= 0 && state_.null < first_own_descriptor) {
    state_.null = fcntl(state_.null, F_DUPFD_CLOEXEC, 0);
  }
  state_.channel = fcntl(channel, F_DUPFD_CLOEXEC, first_own_descriptor);
  dup3(state_.null, channel, O_CLOEXEC);
  state_.own_pid = open_pidfd(getpid());
  void* page =
      mmap(nullptr, sizeof(SharedPage), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (state_.null < 0 || state_.channel < 0 || state_.own_pid < 0 || page == MAP_FAILED) {
    return false;
  }
  state_.shared = static_cast<SharedPage*>(page);
  return read_setup();
}

// A child that is to be isolated is the first process of a new process namespace.
pid_t fork_isolated(const SandboxState& state) {
  if (!state.isolated) {
    return _Fork();
  }
  if (unshare(CLONE_NEWPID) != 0) {
    return -1;
  }
  const pid_t pid = _Fork();
  // The child is in the new namespace already; the next fork of this process is not to be.
  if (pid != 0 && setns(state.own_pid, CLONE_NEWPID) != 0) {
    _exit(1);
  }
  return pid;
}

bool isolation_works(const SandboxState& state) {
  const pid_t pid = fork_isolated(state);
  if (pid == 0) {
    try_isolation(state);
    _exit(0);
  }
  int status = 0;
  if (pid < 0) {
    std::snprintf(state.shared->trouble.data(), state.shared->trouble.size(), "a new namespace: %s",
                  strerrordesc_np(errno));
    return false;
  }
  return waitpid(pid, &status, 0) == pid && status == 0;
}

bool Supervisor::serve(AssayPart& part) {
  filter_calls(state_, FilterKind::sandbox);
  if (!isolation_works(state_)) {
    dprintf(2, "a program cannot be isolated: %s\n", state_.shared->trouble.data());
    _exit(1);
  }
  prctl(PR_SET_DUMPABLE, 0, 0, 0, 0);
  send(state_.channel, "ready", 5, MSG_NOSIGNAL);
  std::size_t size = 0;
  while (take_job(size)) {
    if (run(part) == Step::became_part) {
      return true;
    }
    close_job();
    if (send(state_.channel, &report_, sizeof report_, MSG_NOSIGNAL) < 0) {
      break;
    }
  }
  return false;
}

// The harness and this library were built together: what it sends is well formed.
bool Supervisor::take_job(std::size_t& size) {
  std::array<int, files_max> fds{};
  std::size_t count = 0;
  const ssize_t n = receive(state_.channel, buffers_.message.data(), buffers_.message.size() - 1,
                            fds.data(), count);
  if (n < static_cast<ssize_t>(sizeof(JobWire))) {
    return false;
  }
  size = static_cast<std::size_t>(n);
  buffers_.message[size] = '\0';
  std::memcpy(&job_.wire, buffers_.message.data(), sizeof job_.wire);
  for (std::size_t i = 0; i < job_files; ++i) {
    const std::int32_t at = job_.wire.files[i];
    job_.files[i] = at < 0 ? -1 : fds[static_cast<std::size_t>(at)];
  }
  char* text = buffers_.message.data() + sizeof job_.wire;
  const auto next = [&text] {
    char* begin = text;
    text += std::strlen(text) + 1;
    return begin;
  };
  job_.sanitize_for = next();
  job_.folder = next();
  job_.arguments = {};
  for (std::size_t i = 0; i < static_cast<std::size_t>(job_.wire.arguments); ++i) {
    job_.arguments[i < job_.arguments.size() - 1 ? i : job_.arguments.size() - 2] = next();
  }
  return true;
}

void Supervisor::fail(const char* what) {
  std::snprintf(report_.trouble.data(), report_.trouble.size(), "%s: %s", what,
                strerrordesc_np(errno));
}

Supervisor::Step Supervisor::run(AssayPart& part) {
  const double began_s = now_s();
  report_ = {};
  answer_ = {};
  check_ = {};
  state_.shared->trouble[0] = '\0';
  state_.shared->has_program = 0;
  if (job_.wire.check != CheckWire::none) {
    std::array<int, 2> to_answer{};
    std::array<int, 2> to_check{};
    if (pipe2(to_answer.data(), O_CLOEXEC) != 0 || pipe2(to_check.data(), O_CLOEXEC) != 0) {
      fail("pipe");
      return Step::job_done;
    }
    job_.answer_in = to_answer[0];
    job_.check_out = to_answer[1];
    job_.check_in = to_check[0];
    job_.answer_out = to_check[1];
  }
  if (fork_answer(part) == Step::became_part) {
    return Step::became_part;
  }
  if (answer_.pid > 0 && job_.wire.check != CheckWire::none &&
      fork_check(part) == Step::became_part) {
    return Step::became_part;
  }
  // Each side sees the end of its pipe when the other one ends: nobody else may hold the ends.
  for (int* end : {&job_.answer_in, &job_.answer_out, &job_.check_in, &job_.check_out}) {
    close_fd(*end);
  }
  if (report_.trouble[0] == '\0') {
    report_.timed_out = wait(began_s + job_.wire.wall_s) ? 1 : 0;
  }
  end_job(began_s);
  return Step::job_done;
}

Supervisor::Step Supervisor::fork_answer(AssayPart& part) {
  answer_.pid = fork_isolated(state_);
  if (answer_.pid < 0) {
    fail("fork");
    return Step::job_done;
  }
  if (answer_.pid > 0) {
    answer_.fd = open_pidfd(answer_.pid);
    return Step::job_done;
  }
  if (job_.mode() != Mode::calls && job_.mode() != Mode::script) {
    become_native_answer(state_, job_);
  }
  become_python_answer(state_, job_);
  munmap(state_.shared, sizeof(SharedPage));
  part = {.kind = job_.mode() == Mode::calls ? 1 : 2, .sanitize_for = job_.sanitize_for};
  return Step::became_part;
}

Supervisor::Step Supervisor::fork_check(AssayPart& part) {
  if (job_.wire.check == CheckWire::python) {
    return fork_standing(part);
  }
  check_.pid = _Fork();
  if (check_.pid == 0) {
    become_native_check(state_, job_);
  }
  check_.fd = check_.pid < 0 ? -1 : open_pidfd(check_.pid);
  if (check_.pid < 0) {
    fail("fork");
  }
  return Step::job_done;
}

// Gives the job to the check that stands ready, or to a new one where none does.
Supervisor::Step Supervisor::fork_standing(AssayPart& part) {
  if (standing_.child.pid < 0) {
    std::array<int, 2> ends{};
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends.data()) != 0) {
      fail("socketpair");
      return Step::job_done;
    }
    standing_.child = {};
    standing_.child.pid = _Fork();
    if (standing_.child.pid == 0) {
      become_python_check(state_, job_, ends[1]);
      munmap(state_.shared, sizeof(SharedPage));
      part = {.kind = 3, .sanitize_for = ""};
      return Step::became_part;
    }
    close(ends[1]);
    standing_.control = ends[0];
    standing_.child.fd = standing_.child.pid < 0 ? -1 : open_pidfd(standing_.child.pid);
  }
  const CheckOrder order{.memory_bytes = job_.wire.memory_bytes,
                         .output_bytes = job_.wire.output_bytes,
                         .cpu_s = job_.wire.cpu_s,
                         .answer_pid = answer_.pid};
  const std::array<int, 4> fds = {job_.check_in, job_.check_out, job_[JobFile::check],
                                  job_[JobFile::result]};
  if (standing_.child.pid < 0 || !send_with_files(standing_.control, &order, sizeof order, fds)) {
    fail("a check");
    end_standing();
  }
  return Step::job_done;
}

void Supervisor::end_standing() {
  end(standing_.child);
  close_fd(standing_.control);
  standing_.child = {};
}

// The check's process said that it is done, or ended without a word. Keeps it where it stays.
void Supervisor::hear_standing() {
  CheckDone done{};
  if (recv(standing_.control, &done, sizeof done, 0) == static_cast<ssize_t>(sizeof done)) {
    report_.check = {
        .cpu_s = done.cpu_s, .memory_bytes = done.memory_bytes, .exit_status = 0, .signal = 0};
  } else {
    // Its end of the socket closes a moment before it has ended; a test may also have closed it.
    constexpr int moment_ms = 1000;
    pollfd ended{.fd = standing_.child.fd, .events = POLLIN, .revents = 0};
    if (poll(&ended, 1, moment_ms) > 0) {
      reap(standing_.child, 0);
    }
    end(standing_.child);
    report_.check = standing_.child.ending;
  }
  if (done.stays == 0 || done.memory_bytes > standing_bytes_max) {
    end_standing();
  }
}

// Until the check (or, where there is none, the answer) has ended. Returns whether time ran out.
// Where the harness has gone, so does this process, and everything in the sandbox with it.
bool Supervisor::wait(double deadline_s) {
  const bool has_standing = job_.wire.check == CheckWire::python;
  const int last = has_standing ? standing_.control : check_.pid > 0 ? check_.fd : answer_.fd;
  std::array<pollfd, 2> ready = {{{.fd = last, .events = POLLIN, .revents = 0},
                                  {.fd = state_.channel, .events = 0, .revents = 0}}};
  while (true) {
    const double left_s = deadline_s - now_s();
    if (left_s <= 0) {
      if (has_standing) {
        end(standing_.child);
        report_.check = standing_.child.ending;
        end_standing();
      }
      return true;
    }
    const int n = poll(ready.data(), ready.size(), static_cast<int>(left_s * 1000) + 1);
    if (n > 0 && ready[1].revents != 0) {
      end(answer_);
      _exit(1);
    }
    if (n > 0) {
      if (has_standing) {
        hear_standing();
      }
      return false;
    }
  }
}

void Supervisor::end_job(double began_s) {
  report_.wall_s = now_s() - began_s;
  // Where the answer ended by itself its status says how; give it no chance to end now.
  if (answer_.pid > 0 && job_.wire.check != CheckWire::none) {
    reap(answer_, WNOHANG);
  }
  if (check_.pid > 0) {
    end(check_);
    report_.check = check_.ending;
  }
  if (answer_.pid > 0) {
    end(answer_);
    report_.answer = answer_.ending;
  }
  if (state_.shared->has_program != 0) {
    report_.answer = state_.shared->program;
  }
  if (state_.shared->trouble[0] != '\0') {
    report_.trouble = state_.shared->trouble;
  }
}

void Supervisor::close_job() {
  for (int* end : {&job_.answer_in, &job_.answer_out, &job_.check_in, &job_.check_out}) {
    close_fd(*end);
  }
  for (int& fd : job_.files) {
    close_fd(fd);
  }
}

// What this process has used so far.
EndingWire used() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return ending_of(0, usage);
}

// The limit that counts, for this job; the one that it may be raised to stays.
void lower_limit(__rlimit_resource what, rlim_t value) {
  rlimit limits{};
  getrlimit(what, &limits);
  limits.rlim_cur = value < limits.rlim_max ? value : limits.rlim_max;
  setrlimit(what, &limits);
}

}  // namespace

}  // namespace assay

extern "C" {

void assay_serve(int channel, AssayPart* part) {
  static constinit assay::Buffers buffers{};
  static constinit assay::Supervisor supervisor(buffers);
  *part = {};
  if (!supervisor.start(channel)) {
    dprintf(2, "the sandbox cannot start: %s\n", strerrordesc_np(errno));
    _exit(1);
  }
  if (!supervisor.serve(*part)) {
    part->kind = 0;
  }
}

int assay_next_check(AssayCheck* check) {
  assay::CheckOrder order{};
  std::array<int, assay::files_max> fds{};
  std::size_t count = 0;
  const ssize_t n = assay::receive(assay::control_number, &order, sizeof order, fds.data(), count);
  if (n != static_cast<ssize_t>(sizeof order) || count != 4) {
    return 0;
  }
  *check = {.answer_in = fds[0],
            .answer_out = fds[1],
            .check = fds[2],
            .result = fds[3],
            .answer_pid = order.answer_pid,
            .cpu_began_s = assay::used().cpu_s};
  assay::lower_limit(RLIMIT_AS, order.memory_bytes);
  assay::lower_limit(RLIMIT_FSIZE, order.output_bytes);
  assay::lower_limit(RLIMIT_CPU, static_cast<rlim_t>(check->cpu_began_s + order.cpu_s + 0.999999));
  return 1;
}

void assay_check_done(const AssayCheck* check, int stays) {
  for (const int fd : {check->answer_in, check->answer_out, check->check, check->result}) {
    close(fd);
  }
  const assay::EndingWire now = assay::used();
  const assay::CheckDone done{
      .cpu_s = now.cpu_s - check->cpu_began_s, .memory_bytes = now.memory_bytes, .stays = stays};
  send(assay::control_number, &done, sizeof done, MSG_NOSIGNAL);
}
}
