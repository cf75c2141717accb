#include "suites/code/sandbox/supervisor_program.h"

#include <cerrno>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <utility>

#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

namespace assay {

namespace {

// The filters let a program be executed from this descriptor and no other.
constexpr int program_number = 500;
constexpr int control_number = 3;

struct Wanted {
  int number;
  int source;  // -1: /dev/null
};

// Makes the wanted descriptors the only ones open. Sources lie above all numbers that are given
// out, so that no copy overwrites another's source.
template <std::size_t count>
void arrange(const SandboxState& state, const std::array<Wanted, count>& wanted, int binary = -1) {
  unsigned next = 0;
  for (const Wanted& each : wanted) {
    if (dup2(each.source < 0 ? state.null : each.source, each.number) < 0) {
      give_up(state, "dup2");
    }
    next = static_cast<unsigned>(each.number) + 1;
  }
  if (binary < 0) {
    close_range(next, ~0U, 0);
    return;
  }
  if (dup3(binary, program_number, O_CLOEXEC) < 0) {
    give_up(state, "dup3");
  }
  close_range(next, program_number - 1, 0);
  close_range(program_number + 1, ~0U, 0);
}

void limit(const SandboxState& state, const RunningJob& job, bool native) {
  const rlim_t stack = std::uint64_t{native ? 256U : 64U} << 20U;
  const JobWire& wire = job.wire;
  const std::array<std::pair<int, rlim_t>, 9> limits = {
      {{RLIMIT_AS, wire.memory_bytes},
       {RLIMIT_FSIZE, wire.output_bytes},
       {RLIMIT_CPU, wire.cpu_s <= 1 ? 1 : static_cast<rlim_t>(wire.cpu_s + 0.999999)},
       {RLIMIT_NPROC, static_cast<rlim_t>(wire.threads)},
       {RLIMIT_NOFILE, 128},
       {RLIMIT_CORE, 0},
       {RLIMIT_MSGQUEUE, 0},
       {RLIMIT_MEMLOCK, 0},
       {RLIMIT_STACK, stack < wire.memory_bytes ? stack : wire.memory_bytes}}};
  for (const auto& [what, wanted] : limits) {
    rlimit value{};
    getrlimit(static_cast<__rlimit_resource>(what), &value);
    value.rlim_max = wanted < value.rlim_max ? wanted : value.rlim_max;
    value.rlim_cur = value.rlim_max;
    if (setrlimit(static_cast<__rlimit_resource>(what), &value) != 0) {
      give_up(state, "setrlimit");
    }
  }
}

// A private, empty /tmp, gone with the process; without isolation, a folder of this job.
void own_folder(const SandboxState& state, std::uint64_t bytes, const char* folder) {
  if (!state.isolated) {
    if (chdir(folder) != 0) {
      give_up(state, "chdir");
    }
    return;
  }
  if (unshare(CLONE_NEWNS | CLONE_NEWIPC) != 0) {
    give_up(state, "unshare");
  }
  std::array<char, 96> options{};
  std::snprintf(options.data(), options.size(), "size=%llu,nr_inodes=4096,mode=777",
                static_cast<unsigned long long>(bytes));
  if (mount("tmpfs", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, options.data()) != 0) {
    give_up(state, "mount /tmp");
  }
  if (chdir("/tmp") != 0) {
    give_up(state, "chdir /tmp");
  }
}

void drop_rights(const SandboxState& state) {
  __user_cap_header_struct header{.version = _LINUX_CAPABILITY_VERSION_3, .pid = 0};
  std::array<__user_cap_data_struct, 2> nothing{};
  if (syscall(SYS_capset, &header, nothing.data()) != 0) {
    give_up(state, "capset");
  }
}

void default_signals() {
  std::signal(SIGPIPE, SIG_DFL);
  std::signal(SIGXFSZ, SIG_DFL);
}

[[noreturn]] void execute(const SandboxState& state, const char* name) {
  std::array<char, 32> path_variable{"PATH=/usr/bin:/bin"};
  std::array<char, 16> language{"LC_ALL=C"};
  std::array<char, 16> own_name{};
  std::strncpy(own_name.data(), name, own_name.size() - 1);
  std::array<char*, 2> arguments = {own_name.data(), nullptr};
  std::array<char*, 3> environment = {path_variable.data(), language.data(), nullptr};
  syscall(SYS_execveat, program_number, "", arguments.data(), environment.data(), AT_EMPTY_PATH);
  give_up(state, "execveat");
}

// The program's text where a compiler finds it: on standard input, and in a file for a name.
void write_source(const SandboxState& state) {
  const int file = open("program.cpp", O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  struct stat facts {};
  off_t at = 0;
  if (file < 0 || fstat(0, &facts) != 0) {
    give_up(state, "program.cpp");
  }
  while (at < facts.st_size) {
    if (sendfile(file, 0, &at, static_cast<std::size_t>(facts.st_size - at)) <= 0) {
      give_up(state, "program.cpp");
    }
  }
  close(file);
}

[[noreturn]] void compile(const SandboxState& state, const RunningJob& job) {
  arrange(state, std::array<Wanted, 3>{
                     {{0, job[JobFile::code]}, {1, job[JobFile::out]}, {2, job[JobFile::error]}}});
  default_signals();
  for (const char* argument : job.arguments) {
    if (argument != nullptr && std::strcmp(argument, "program.cpp") == 0) {
      write_source(state);
    }
  }
  limit(state, job, false);
  setsid();
  drop_rights(state);
  filter_calls(state, FilterKind::compiler);
  std::array<char, 32> path_variable{"PATH=/usr/bin:/bin"};
  std::array<char, 16> language{"LC_ALL=C"};
  std::array<char, 16> folder{"TMPDIR=."};
  std::array<char*, 4> environment = {path_variable.data(), language.data(), folder.data(),
                                      nullptr};
  execve(job.arguments[0], job.arguments.data(), environment.data());
  give_up(state, "execve");
}

[[noreturn]] void run_native(const SandboxState& state, const RunningJob& job) {
  const bool joined = job.mode() == Mode::joined;
  if (joined) {
    arrange(state,
            std::array<Wanted, 7>{{{0, -1},
                                   {1, job[JobFile::out]},
                                   {2, job[JobFile::error]},
                                   {3, -1},
                                   {4, -1},
                                   {5, job[JobFile::check]},
                                   {6, job[JobFile::result]}}},
            job[JobFile::binary]);
    close_range(3, 4, 0);
  } else {
    arrange(state,
            std::array<Wanted, 5>{{{0, job[JobFile::input]},
                                   {1, job[JobFile::out]},
                                   {2, job[JobFile::error]},
                                   {3, job.answer_in},
                                   {4, job.answer_out}}},
            job[JobFile::binary]);
    if (job.answer_in < 0) {
      close_range(3, 4, 0);
    }
  }
  default_signals();
  limit(state, job, true);
  setsid();
  drop_rights(state);
  filter_calls(state, FilterKind::native);
  execute(state, "program");
}

void copy_out(int target) {
  const int source = open("program", O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
  struct stat facts {};
  if (source < 0 || fstat(source, &facts) != 0) {
    return;
  }
  off_t at = 0;
  while (at < facts.st_size) {
    if (sendfile(target, source, &at, static_cast<std::size_t>(facts.st_size - at)) <= 0) {
      return;
    }
  }
}

}  // namespace

void give_up(const SandboxState& state, const char* what) {
  std::snprintf(state.shared->trouble.data(), state.shared->trouble.size(), "%s: %s", what,
                strerrordesc_np(errno));
  _exit(status_of_trouble);
}

void filter_calls(const SandboxState& state, FilterKind kind) {
  if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0 ||
      prctl(PR_SET_SECCOMP, 2, &state.filters[static_cast<std::size_t>(kind)], 0, 0) != 0) {
    give_up(state, "seccomp");
  }
}

EndingWire ending_of(int status, const rusage& usage) {
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + 1e-6 * static_cast<double>(time.tv_usec);
  };
  EndingWire ending;
  ending.cpu_s = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  ending.memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  ending.exit_status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  ending.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
  return ending;
}

void become_python_answer(const SandboxState& state, const RunningJob& job) {
  const std::array<Wanted, 6> wanted = {{{0, job[JobFile::input]},
                                         {1, job[JobFile::out]},
                                         {2, job[JobFile::error]},
                                         {3, job[JobFile::code]},
                                         {4, job.answer_in},
                                         {5, job.answer_out}}};
  arrange(state, wanted);
  if (job.answer_in < 0) {
    close_range(4, 5, 0);
  }
  own_folder(state, job.wire.folder_bytes, job.folder);
  limit(state, job, false);
  setsid();
  drop_rights(state);
  filter_calls(state, FilterKind::python);
}

void become_native_answer(const SandboxState& state, const RunningJob& job) {
  own_folder(state, job.wire.folder_bytes, job.folder);
  const pid_t child = _Fork();
  if (child < 0) {
    give_up(state, "fork");
  }
  if (child == 0) {
    if (job.mode() == Mode::compile) {
      compile(state, job);
    }
    run_native(state, job);
  }
  int status = 0;
  rusage usage{};
  while (wait4(child, &status, 0, &usage) < 0 && errno == EINTR) {
  }
  if (job.mode() == Mode::compile && status == 0) {
    copy_out(job[JobFile::binary]);
  }
  state.shared->program = ending_of(status, usage);
  state.shared->has_program = 1;
  _exit(0);
}

void become_native_check(const SandboxState& state, const RunningJob& job) {
  arrange(state,
          std::array<Wanted, 7>{{{0, -1},
                                 {1, -1},
                                 {2, -1},
                                 {3, job.check_in},
                                 {4, job.check_out},
                                 {5, job[JobFile::check]},
                                 {6, job[JobFile::result]}}},
          job[JobFile::check_binary]);
  limit(state, job, true);
  default_signals();
  drop_rights(state);
  filter_calls(state, FilterKind::check);
  execute(state, "check");
}

void become_python_check(const SandboxState& state, const RunningJob& job, int control) {
  arrange(state, std::array<Wanted, 4>{{{0, -1}, {1, -1}, {2, -1}, {control_number, control}}});
  // Each job brings limits of its own for memory and time, below these.
  RunningJob widest = job;
  widest.wire.memory_bytes = RLIM_INFINITY;
  widest.wire.output_bytes = RLIM_INFINITY;
  widest.wire.cpu_s = 1e9;
  limit(state, widest, false);
  drop_rights(state);
  filter_calls(state, FilterKind::check);
}

void try_isolation(const SandboxState& state) {
  own_folder(state, 1U << 20U, "/");
  drop_rights(state);
  filter_calls(state, FilterKind::python);
}

}  // namespace assay
