# The first process of a sandbox: a warm interpreter that forks once for every program.
#
# It never reads an answer or a test: they arrive as file descriptors and are read by the process
# that may know them, so that nothing an answer can find in its own memory says what is expected.
# An answer runs as the first process of a process namespace of its own; when it is killed the kernel
# kills whatever it started. The order in one job: receive, fork answer and check, wait, kill, report.
import ast
import base64
import builtins
import bisect
import calendar
import cmath
import collections
import copy
import ctypes
import dataclasses
import datetime
import decimal
import enum
import fcntl
import fractions
import functools
import gc
import heapq
import importlib
import itertools
import json
import math
import operator
import os
import random
import re
import resource
import select
import shutil
import signal
import socket
import statistics
import string
import struct
import sys
import tempfile
import textwrap
import time
import traceback
import types
import typing

sys.set_int_max_str_digits(0)

_LIBC = ctypes.CDLL(None, use_errno=True)
_NEWNS, _NEWIPC, _NEWPID = 0x00020000, 0x08000000, 0x20000000
_MS_NOSUID, _MS_NODEV, _MS_NOEXEC, _MS_REC, _MS_PRIVATE = 2, 4, 8, 0x4000, 0x40000
_PR_SET_DUMPABLE, _PR_SET_SECCOMP, _PR_SET_NO_NEW_PRIVS, _PR_SET_PDEATHSIG = 4, 22, 38, 1


def _must(result, what):
    if result != 0:
        raise OSError(ctypes.get_errno(), "%s: %s" % (what, os.strerror(ctypes.get_errno())))


def _unshare(flags):
    _must(_LIBC.unshare(flags), "unshare")


class _Filter(ctypes.Structure):
    _fields_ = [("length", ctypes.c_ushort), ("program", ctypes.c_void_p)]


class _Sandbox:
    """What is the same for every job: isolated or not, and the system call filters."""

    def __init__(self, setup):
        self.isolated = setup["isolated"]
        self.filters = {}
        self.own_pid = os.pidfd_open(os.getpid())
        self.folder = "/tmp"
        # capset's version and process, and six words of nothing. Made here once: every page that a forked program
        # touches first costs microseconds.
        self.no_capabilities = (ctypes.c_uint32 * 2)(0x20080522, 0), (ctypes.c_uint32 * 6)()
        for name, text in setup["filters"].items():
            code = base64.b64decode(text)
            buffer = ctypes.create_string_buffer(code, len(code))
            self.filters[name] = (buffer, _Filter(len(code) // 8, ctypes.addressof(buffer)))

    def fork_answer(self):
        """Forks into a process namespace of its own."""
        if not self.isolated:
            return os.fork()
        _unshare(_NEWPID)
        try:
            pid = os.fork()
        except OSError:
            _must(_LIBC.setns(self.own_pid, _NEWPID), "setns")
            raise
        if pid:
            # The child is in the new namespace already; the next fork of this process is not to be.
            _must(_LIBC.setns(self.own_pid, _NEWPID), "setns")
        return pid

    def own_folder(self, size):
        """A private, empty /tmp, gone with the process; without isolation, a folder of this job."""
        if not self.isolated:
            os.chdir(self.folder)
            return
        _unshare(_NEWNS | _NEWIPC)
        options = ("size=%d,nr_inodes=4096,mode=777" % size).encode()
        _must(_LIBC.mount(b"tmpfs", b"/tmp", b"tmpfs", ctypes.c_ulong(_MS_NOSUID | _MS_NODEV), options), "mount /tmp")
        os.chdir("/tmp")

    def drop_rights(self):
        _must(_LIBC.capset(self.no_capabilities[0], self.no_capabilities[1]), "capset")

    def filter_calls(self, name):
        _must(_LIBC.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0), "no_new_privs")
        _must(_LIBC.prctl(_PR_SET_SECCOMP, 2, ctypes.byref(self.filters[name][1]), 0, 0), "seccomp")


def _limit(job, native):
    memory, file = job["memory_bytes"], job["output_bytes"]
    cpu = max(1, math.ceil(job["cpu_s"]))
    stack = min(memory, (256 if native else 64) << 20)
    for what, value in ((resource.RLIMIT_AS, memory), (resource.RLIMIT_FSIZE, file), (resource.RLIMIT_CPU, cpu),
                        (resource.RLIMIT_NPROC, job["threads"]), (resource.RLIMIT_NOFILE, 128),
                        (resource.RLIMIT_CORE, 0), (resource.RLIMIT_MSGQUEUE, 0), (resource.RLIMIT_MEMLOCK, 0),
                        (resource.RLIMIT_STACK, stack)):
        soft, hard = resource.getrlimit(what)
        value = value if hard == resource.RLIM_INFINITY else min(value, hard)
        resource.setrlimit(what, (value, value))


_TROUBLE = 9


def _arrange(fd, wanted):
    """Makes the descriptors of `wanted` (number -> descriptor; -1 is /dev/null) the only ones open, and
    _TROUBLE, which must be closed before anything of the answer runs."""
    null = os.open("/dev/null", os.O_RDWR)
    wanted = {_TROUBLE: fd["trouble"], **wanted}
    high = {number: _high(null if source < 0 else source) for number, source in wanted.items()}
    for number, source in high.items():
        os.dup2(source, number)
    last = -1
    for number in sorted(high):
        if number > last + 1:
            os.closerange(last + 1, number)
        last = number
    os.closerange(last + 1, 4096)
    os.set_inheritable(_TROUBLE, False)
    fd["trouble"] = _TROUBLE


def _high(fd):
    """A copy of the descriptor out of the way of the numbers that are given out."""
    return fcntl.fcntl(fd, fcntl.F_DUPFD, 512)


def _default_signals():
    for number in (signal.SIGPIPE, signal.SIGXFSZ):
        signal.signal(number, signal.SIG_DFL)


def _read_all(fd):
    parts = []
    os.lseek(fd, 0, os.SEEK_SET)
    while part := os.read(fd, 1 << 20):
        parts.append(part)
    return b"".join(parts)


def _python_answer(sandbox, job, fd):
    calls = job["mode"] == "calls"
    wanted = {0: fd.get("stdin", -1), 1: fd.get("stdout", -1), 2: fd.get("stderr", -1), 3: fd["code"]}
    if calls:
        wanted.update({4: fd["rpc_answer_in"], 5: fd["rpc_answer_out"]})
    _arrange(fd, wanted)
    code = _read_all(3).decode("utf-8", "surrogateescape")
    os.close(3)
    sandbox.own_folder(job["folder_bytes"])
    _limit(job, native=False)
    os.setsid()
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    sandbox.drop_rights()
    sandbox.filter_calls("python")
    os.close(_TROUBLE)
    sys.argv = ["answer.py"]
    if calls:
        serve_calls(code, job["sanitize_for"], 4, 5)
        return 0
    # Buffers of the interpreter were made for other descriptors: a script gets fresh ones.
    sys.stdin = open(0, "r", encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    return run_script(code)


def _native_answer(sandbox, job, fd):
    """Runs a program (or the compiler) as a child of this one, and reports how it ended."""
    report = _high(fd["report"])
    keep = {"binary": _high(fd["binary"]) if "binary" in fd else None}
    compiling = job["mode"] == "compile"
    wanted = {0: fd.get("code" if compiling else "stdin", -1), 1: fd.get("stdout", -1), 2: fd.get("stderr", -1)}
    if "rpc_answer_in" in fd:
        wanted.update({3: fd["rpc_answer_in"], 4: fd["rpc_answer_out"]})
    if job["mode"] == "joined":
        wanted.update({5: fd["check"], 6: fd["result"]})
    sandbox.own_folder(job["folder_bytes"])
    child = os.fork()
    if child == 0:
        wanted.update({500: keep["binary"]} if keep["binary"] is not None and not compiling else {})
        _arrange(fd, wanted)
        _default_signals()
        if compiling:
            if "program.cpp" in job["argv"]:
                with open("program.cpp", "wb") as file:
                    file.write(_read_all(0))
            os.lseek(0, 0, os.SEEK_SET)
        _limit(job, native=not compiling)
        os.setsid()
        sandbox.drop_rights()
        sandbox.filter_calls("compiler" if compiling else "native")
        if compiling:
            os.execve(job["argv"][0], job["argv"], {"PATH": "/usr/bin:/bin", "LC_ALL": "C", "TMPDIR": "."})
        os.set_inheritable(500, False)
        os.execve(500, ["program"], {"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    _, status, usage = os.wait4(child, 0)
    if compiling and status == 0:
        _copy_file("program", keep["binary"])
    os.write(report, json.dumps(_ending(status, usage)).encode())
    return 0


def _copy_file(path, target):
    source = os.open(path, os.O_RDONLY)
    size = os.fstat(source).st_size
    done = 0
    while done < size:
        done += os.sendfile(target, source, done, size - done)


def _check(sandbox, job, fd):
    wanted = {0: -1, 1: -1, 2: -1, 3: fd["rpc_check_in"], 4: fd["rpc_check_out"], 5: fd["check"], 6: fd["result"]}
    native = job["check"] == "native"
    if native:
        wanted[500] = fd["check_binary"]
    _arrange(fd, wanted)
    _limit(job, native)
    _default_signals()
    if not native:
        signal.signal(signal.SIGPIPE, signal.SIG_IGN)
    sandbox.drop_rights()
    if native:
        sandbox.filter_calls("check")
        os.set_inheritable(500, False)
        os.execve(500, ["check"], {"PATH": "/usr/bin:/bin", "LC_ALL": "C"})
    sandbox.filter_calls("check")
    check_answer(5, 6, 3, 4, answer_clock(job["answer_pid"]))
    return 0


def _run_child(body, sandbox, job, fd):
    """The rest of a forked process's life. A failure before the answer is the harness's own."""
    try:
        os._exit(body(sandbox, job, fd))
    except MemoryError:
        os._exit(4)
    except BaseException as error:
        if job.get("debug"):
            traceback.print_exc()
        try:
            os.write(fd["trouble"], ("%s: %s" % (type(error).__name__, error)).encode()[:500])
        except BaseException:
            pass
        os._exit(97)


def _ending(status, usage):
    return {"exit": os.WEXITSTATUS(status) if os.WIFEXITED(status) else -1,
            "signal": os.WTERMSIG(status) if os.WIFSIGNALED(status) else 0,
            "cpu_s": usage.ru_utime + usage.ru_stime, "memory_bytes": usage.ru_maxrss * 1024}


class _Child:
    def __init__(self, pid):
        self.pid = pid
        self.fd = os.pidfd_open(pid)
        self.ending = None

    def reap(self, options=0):
        if self.ending is None:
            pid, status, usage = os.wait4(self.pid, options)
            if pid:
                self.ending = _ending(status, usage)
        return self.ending

    def kill(self):
        if self.ending is None:
            try:
                os.kill(self.pid, signal.SIGKILL)
                os.killpg(self.pid, signal.SIGKILL)
            except (ProcessLookupError, PermissionError):
                pass
            self.reap()
        os.close(self.fd)


def _wait(channel, answer, check, deadline):
    """Until the check (or, where there is none, the answer) has ended. Returns whether time ran out.
    Where the harness has gone, so does this process, and everything in the sandbox with it."""
    poll = select.poll()
    poll.register(answer.fd, select.POLLIN)
    poll.register(channel.fileno(), select.POLLHUP)
    if check:
        poll.register(check.fd, select.POLLIN)
    while True:
        left = deadline - time.monotonic()
        if left <= 0:
            return True
        for fd, _ in poll.poll(left * 1000):
            if fd == channel.fileno():
                answer.kill()
                os._exit(1)
            if check is None or fd == check.fd:
                return False
            # The answer has ended by itself: its check sees the end of its pipe and says so.
            poll.unregister(answer.fd)


def _run_job(channel, sandbox, job, fd):
    began = time.monotonic()
    pipes = []
    if job["check"]:
        to_answer, to_check = os.pipe(), os.pipe()
        fd.update(rpc_answer_in=to_answer[0], rpc_check_out=to_answer[1], rpc_check_in=to_check[0],
                  rpc_answer_out=to_check[1])
        pipes += [*to_answer, *to_check]
    trouble, report = os.pipe(), os.pipe()
    pipes += [*trouble, *report]
    fd.update(trouble=trouble[1], report=report[1])
    native = job["mode"] in ("native", "compile", "joined")
    if not sandbox.isolated:
        sandbox.folder = tempfile.mkdtemp(prefix="assay-")
    pid = sandbox.fork_answer()
    if pid == 0:
        _run_child(_native_answer if native else _python_answer, sandbox, job, fd)
    answer, check = _Child(pid), None
    if job["check"]:
        job["answer_pid"] = answer.pid
        pid = os.fork()
        if pid == 0:
            _run_child(_check, sandbox, job, fd)
        check = _Child(pid)
    for name in ("rpc_answer_in", "rpc_check_out", "rpc_check_in", "rpc_answer_out", "trouble", "report"):
        if name in fd:
            os.close(fd[name])
            pipes.remove(fd[name])
    timed_out = _wait(channel, answer, check, began + job["wall_s"])
    wall_s = time.monotonic() - began
    if check:
        # Where the answer ended by itself its status says how; give it no chance to end now.
        answer.reap(os.WNOHANG)
        check.kill()
    answer.kill()
    _kill_rest(sandbox)
    if not sandbox.isolated:
        shutil.rmtree(sandbox.folder, ignore_errors=True)
    reply = {"wall_s": wall_s, "timed_out": timed_out, "answer": answer.ending, "check": check and check.ending,
             "trouble": os.read(trouble[0], 500).decode(errors="replace")}
    program = os.read(report[0], 500)
    if program:
        reply["answer"] = json.loads(program)
    for end in pipes:
        os.close(end)
    return reply


def _kill_rest(sandbox):
    """Nothing should be left: whatever is, ends now."""
    if sandbox.isolated:
        try:
            os.kill(-1, signal.SIGKILL)
        except ProcessLookupError:
            pass
    try:
        while os.waitpid(-1, os.WNOHANG if not sandbox.isolated else 0)[0]:
            pass
    except ChildProcessError:
        pass


def _serve(channel):
    setup = json.loads(channel.recv(1 << 20))
    sandbox = _Sandbox(setup)
    _try_isolation(sandbox)
    _LIBC.prctl(_PR_SET_DUMPABLE, 0, 0, 0, 0)
    channel.send(json.dumps({"ready": sys.version.split()[0]}).encode())
    gc.collect()
    gc.freeze()
    while True:
        data, fds, _, _ = socket.recv_fds(channel, 1 << 20, 16)
        if not data:
            return
        job = json.loads(data)
        fd = dict(zip(job["fds"], fds))
        try:
            reply = _run_job(channel, sandbox, job, fd)
        except Exception as error:
            reply = {"trouble": "%s: %s" % (type(error).__name__, error), "wall_s": 0, "timed_out": False,
                     "answer": None, "check": None}
        for number in fds:
            os.close(number)
        channel.send(json.dumps(reply).encode())


def _try_isolation(sandbox):
    """Does once what every job needs, so that a machine that forbids it is found out at the start."""
    pid = sandbox.fork_answer()
    if pid == 0:
        try:
            sandbox.own_folder(1 << 20)
            sandbox.drop_rights()
            sandbox.filter_calls("python")
            os._exit(0)
        except BaseException as error:
            sys.stderr.write("a program cannot be isolated: %s\n" % error)
            sys.stderr.flush()
            os._exit(1)
    if os.waitpid(pid, 0)[1] != 0:
        os._exit(1)


def _main():
    channel = socket.socket(fileno=int(sys.argv[1]))
    sys.path[:] = [path for path in sys.path if path.startswith("/usr")]
    if os.getpid() != 1:
        _LIBC.prctl(_PR_SET_PDEATHSIG, signal.SIGKILL, 0, 0, 0)
    try:
        _serve(channel)
    except BrokenPipeError:
        pass
    except OSError as error:
        sys.stderr.write("%s\n" % error)
        os._exit(1)
    os._exit(0)


_main()
