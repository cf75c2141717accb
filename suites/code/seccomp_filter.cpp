#include "suites/code/seccomp_filter.h"

#include <cerrno>
#include <csignal>
#include <memory>
#include <stdexcept>

#include <fmt/core.h>
#include <sched.h>
#include <seccomp.h>
#include <sys/mman.h>
#include <unistd.h>

namespace assay {

namespace {

// What interpreters, compiled programs and their libraries call in the ordinary course of things.
constexpr const char* ordinary[] = {
    "access",
    "alarm",
    "arch_prctl",
    "brk",
    "chdir",
    "chmod",
    "clock_getres",
    "clock_gettime",
    "clock_nanosleep",
    "close",
    "close_range",
    "copy_file_range",
    "creat",
    "dup",
    "dup2",
    "dup3",
    "epoll_create",
    "epoll_create1",
    "epoll_ctl",
    "epoll_pwait",
    "epoll_wait",
    "eventfd2",
    "exit",
    "exit_group",
    "faccessat",
    "faccessat2",
    "fadvise64",
    "fallocate",
    "fchdir",
    "fchmod",
    "fcntl",
    "fdatasync",
    "flock",
    "fstat",
    "fsync",
    "ftruncate",
    "futex",
    "getcpu",
    "getcwd",
    "getdents64",
    "getegid",
    "geteuid",
    "getgid",
    "getgroups",
    "getitimer",
    "getpgid",
    "getpgrp",
    "getpid",
    "getppid",
    "getpriority",
    "getrandom",
    "getresgid",
    "getresuid",
    "getrlimit",
    "getrusage",
    "getsid",
    "gettid",
    "gettimeofday",
    "getuid",
    "get_robust_list",
    "lseek",
    "lstat",
    "madvise",
    "membarrier",
    "mkdir",
    "mkdirat",
    "mmap",
    "mprotect",
    "mremap",
    "msync",
    "munmap",
    "nanosleep",
    "newfstatat",
    "open",
    "openat",
    "pause",
    "pipe",
    "pipe2",
    "poll",
    "ppoll",
    "pread64",
    "preadv",
    "prlimit64",
    "pselect6",
    "pwrite64",
    "pwritev",
    "read",
    "readlink",
    "readlinkat",
    "readv",
    "rename",
    "renameat",
    "renameat2",
    "restart_syscall",
    "rmdir",
    "rseq",
    "rt_sigaction",
    "rt_sigpending",
    "rt_sigprocmask",
    "rt_sigreturn",
    "rt_sigsuspend",
    "rt_sigtimedwait",
    "sched_getaffinity",
    "sched_getparam",
    "sched_getscheduler",
    "sched_get_priority_max",
    "sched_get_priority_min",
    "sched_yield",
    "select",
    "sendfile",
    "setitimer",
    "set_robust_list",
    "set_tid_address",
    "sigaltstack",
    "stat",
    "statfs",
    "fstatfs",
    "statx",
    "symlink",
    "sysinfo",
    "time",
    "timerfd_create",
    "timerfd_settime",
    "times",
    "truncate",
    "umask",
    "uname",
    "unlink",
    "unlinkat",
    "utimensat",
    "wait4",
    "waitid",
    "write",
    "writev",
    // socketpair(2) makes no connection to anything: asyncio's event loop is built on it.
    "socketpair",
    "recvfrom",
    "recvmsg",
    "sendmsg",
    "sendto",
    "shutdown",
    "getpeername",
    "getsockname",
    "getsockopt",
};

// What an answer has no honest use for. The first of these ends it.
constexpr const char* forbidden[] = {
    "accept",
    "accept4",
    "acct",
    "add_key",
    "bind",
    "bpf",
    "chown",
    "chroot",
    "clock_settime",
    "connect",
    "delete_module",
    "fchown",
    "fchownat",
    "finit_module",
    "fsconfig",
    "fsmount",
    "fsopen",
    "fanotify_init",
    "init_module",
    "io_uring_setup",
    "ioperm",
    "iopl",
    "kcmp",
    "kexec_file_load",
    "kexec_load",
    "keyctl",
    "lchown",
    "link",
    "linkat",
    "listen",
    "lookup_dcookie",
    "memfd_create",
    "mknod",
    "mknodat",
    "move_mount",
    "move_pages",
    "msgget",
    "name_to_handle_at",
    "open_by_handle_at",
    "open_tree",
    "perf_event_open",
    "personality",
    "pidfd_getfd",
    "pidfd_send_signal",
    "pivot_root",
    "process_madvise",
    "process_vm_readv",
    "process_vm_writev",
    "ptrace",
    "quotactl",
    "reboot",
    "request_key",
    "semget",
    "setdomainname",
    "setfsgid",
    "setfsuid",
    "setgid",
    "setgroups",
    "sethostname",
    "setregid",
    "setresgid",
    "setresuid",
    "setreuid",
    "setsockopt",
    "settimeofday",
    "setuid",
    "shmat",
    "shmget",
    "socket",
    "swapoff",
    "swapon",
    "syslog",
    "umount2",
    "uselib",
    "userfaultfd",
    "vhangup",
};

// What the first process of a sandbox does for each program, before the program may not.
constexpr const char* setting_up[] = {"mount", "pidfd_open", "setns", "unshare"};
constexpr const char* setting_up_quietly[] = {"capset", "seccomp"};  // tried by honest programs too
constexpr const char* for_some_kinds[] = {"clone", "execve", "execveat", "fork",
                                          "kill",  "prctl",  "tgkill",   "vfork"};

class Filter {
 public:
  explicit Filter(std::uint32_t otherwise) : context_(seccomp_init(otherwise), &seccomp_release) {
    if (context_ == nullptr) {
      throw std::runtime_error("libseccomp cannot make a filter");
    }
  }

  template <class... Conditions>
  void rule(std::uint32_t action, const char* name, Conditions... conditions) {
    const int number = seccomp_syscall_resolve_name(name);
    if (number < 0) {
      return;  // not a system call of this machine's kind
    }
    const int result =
        seccomp_rule_add(context_.get(), action, number, sizeof...(conditions), conditions...);
    if (result != 0) {
      throw std::runtime_error(fmt::format("libseccomp refuses a rule for {}", name));
    }
  }

  // The BPF instructions, through a pipe: libseccomp only writes to descriptors.
  std::string program() const {
    int ends[2];
    if (pipe(ends) != 0) {
      throw std::runtime_error("no pipe for a filter");
    }
    // A filter is a few kB, a pipe takes 64: writing cannot block.
    const int result = seccomp_export_bpf(context_.get(), ends[1]);
    close(ends[1]);
    std::string bytes(1U << 16U, '\0');
    std::size_t size = 0;
    for (ssize_t n = 0; (n = read(ends[0], bytes.data() + size, bytes.size() - size)) > 0;) {
      size += static_cast<std::size_t>(n);
    }
    close(ends[0]);
    if (result != 0 || size == 0) {
      throw std::runtime_error("libseccomp cannot write a filter");
    }
    bytes.resize(size);
    return bytes;
  }

 private:
  std::unique_ptr<void, decltype(&seccomp_release)> context_;
};

// A program is process 1 of its namespace (Python) or 2 (native): signals to itself are its own
// affair, any other number is an attempt on somebody else. A check has some other number.
void forbid_signals(Filter& filter, FilterKind kind) {
  if (kind == FilterKind::compiler || kind == FilterKind::check) {
    return;
  }
  const scmp_datum_t own = kind == FilterKind::python ? 1 : 2;
  for (const char* name : {"kill", "tgkill"}) {
    filter.rule(SCMP_ACT_KILL_PROCESS, name, SCMP_A0_64(SCMP_CMP_NE, own));
  }
}

void forbid_processes(Filter& filter, FilterKind kind) {
  for (const scmp_datum_t flag : {CLONE_NEWNS, CLONE_NEWUSER, CLONE_NEWPID, CLONE_NEWNET,
                                  CLONE_NEWIPC, CLONE_NEWUTS, CLONE_NEWCGROUP}) {
    filter.rule(SCMP_ACT_ERRNO(EPERM), "clone", SCMP_A0_64(SCMP_CMP_MASKED_EQ, flag, flag));
  }
  if (kind == FilterKind::compiler) {
    return;
  }
  filter.rule(SCMP_ACT_KILL_PROCESS, "clone", SCMP_A0_64(SCMP_CMP_MASKED_EQ, CLONE_THREAD, 0));
  for (const char* name : {"fork", "vfork", "execve"}) {
    filter.rule(SCMP_ACT_KILL_PROCESS, name);
  }
  if (kind == FilterKind::python) {
    filter.rule(SCMP_ACT_KILL_PROCESS, "execveat");
    return;
  }
  // The program itself is executed through the filter, from descriptor 500, which is closed by it:
  // later calls with that number find nothing.
  filter.rule(SCMP_ACT_KILL_PROCESS, "execveat", SCMP_A0_32(SCMP_CMP_NE, 500));
}

// prctl: names of threads (15, 16), and asking for dumpability (3).
void forbid_process_control(Filter& filter) {
  const std::uint32_t refused = SCMP_ACT_ERRNO(EPERM);
  filter.rule(refused, "prctl", SCMP_A0_64(SCMP_CMP_LT, 3));
  for (scmp_datum_t option = 4; option < 15; ++option) {
    filter.rule(refused, "prctl", SCMP_A0_64(SCMP_CMP_EQ, option));
  }
  filter.rule(refused, "prctl", SCMP_A0_64(SCMP_CMP_GT, 16));
}

std::string sandbox_filter() {
  Filter filter(SCMP_ACT_ERRNO(EPERM));
  for (const char* name : ordinary) {
    filter.rule(SCMP_ACT_ALLOW, name);
  }
  for (const char* name : forbidden) {
    filter.rule(SCMP_ACT_KILL_PROCESS, name);
  }
  for (const char* name : setting_up) {
    filter.rule(SCMP_ACT_ALLOW, name);
  }
  for (const char* name : setting_up_quietly) {
    filter.rule(SCMP_ACT_ALLOW, name);
  }
  for (const char* name : for_some_kinds) {
    filter.rule(SCMP_ACT_ALLOW, name);
  }
  for (const char* name : {"setpgid", "setrlimit", "setsid", "tkill"}) {
    filter.rule(SCMP_ACT_ALLOW, name);
  }
  // clone3 hides its flags from a filter: without it libraries fall back on clone.
  filter.rule(SCMP_ACT_ERRNO(ENOSYS), "clone3");
  // Descriptors may be asked about, and nothing else; terminals can be typed into by ioctl.
  for (const scmp_datum_t request : {0x5401UL, 0x5413UL, 0x5421UL, 0x541bUL, 0x5451UL, 0x5450UL}) {
    filter.rule(SCMP_ACT_ALLOW, "ioctl", SCMP_A1_32(SCMP_CMP_EQ, request));
  }
  return filter.program();
}

}  // namespace

std::string seccomp_filter(FilterKind kind) {
  if (kind == FilterKind::sandbox) {
    return sandbox_filter();
  }
  Filter filter(SCMP_ACT_ALLOW);
  for (const char* name : setting_up) {
    filter.rule(SCMP_ACT_KILL_PROCESS, name);
  }
  for (const char* name : setting_up_quietly) {
    filter.rule(SCMP_ACT_ERRNO(EPERM), name);
  }
  forbid_signals(filter, kind);
  forbid_processes(filter, kind);
  forbid_process_control(filter);
  return filter.program();
}

}  // namespace assay
