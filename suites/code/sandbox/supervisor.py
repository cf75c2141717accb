# The interpreter of a sandbox: warm, and forked once for every program by the library beside it
# (suites/code/sandbox/supervisor.cpp), which alone deals with jobs, processes and limits. What is
# here prepares the interpreter, and is what a forked process does as the part it was given.
import ast
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
import fractions
import functools
import gc
import heapq
import importlib
import itertools
import json
import math
import opcode
import operator
import os
import random
import re
import select
import signal
import statistics
import string
import sys
import textwrap
import time
import types
import typing

sys.set_int_max_str_digits(0)

_CALLS, _SCRIPT, _CHECK = 1, 2, 3


class _Part(ctypes.Structure):
    _fields_ = [("kind", ctypes.c_int32), ("sanitize_for", ctypes.c_char_p)]


class _Check(ctypes.Structure):
    _fields_ = [("answer_in", ctypes.c_int32), ("answer_out", ctypes.c_int32), ("check", ctypes.c_int32),
                ("result", ctypes.c_int32), ("answer_pid", ctypes.c_int32), ("cpu_began_s", ctypes.c_double)]


def _answer(part):
    code = read_file(3).decode("utf-8", "surrogateescape")
    os.close(3)
    if part.kind == _CALLS:
        serve_calls(code, part.sanitize_for.decode(), 4, 5)
        return 0
    # Buffers of the interpreter were made for other descriptors: a script gets fresh ones.
    sys.stdin = open(0, "r", encoding="utf-8", closefd=False)
    sys.stdout = open(1, "w", encoding="utf-8", closefd=False)
    sys.stderr = open(2, "w", encoding="utf-8", errors="backslashreplace", closefd=False)
    return run_script(code)


def _check(library):
    """Checks one answer after the other for as long as their tests leave nothing behind in this process."""
    job = _Check()
    stays = True
    while stays and library.assay_next_check(ctypes.byref(job)):
        stays = check_answer(job.check, job.result, job.answer_in, job.answer_out, answer_clock(job.answer_pid))
        library.assay_check_done(ctypes.byref(job), stays)
    return 0


def _warm():
    """Runs what forked processes run, until the interpreter has adapted its instructions: what it would write into
    its own code afterwards, each of them would have to copy first."""
    rounds = 64
    frames = [{"v": None}] + [{"v": [1, {"tuple": [2.5, "x"]}]}] * rounds
    calls = [{"op": "call", "f": ["f"], "a": [[1, 2], "x", {"tuple": [1, 2]}]}] * rounds
    test = "def check(candidate):\n" + "    assert candidate([1], 'x', (1, 2)) == [1, (2.5, 'x')]\n" * rounds
    check = {"form": "code", "setup": "def f(a, b, c):\n    pass\n", "code": test, "call": "f", "names": ["f"], "token": ""}
    for _ in range(4):
        _warm_once(lambda rpc_in, rpc_out, file: check_answer(file, file, rpc_in, rpc_out, time.process_time), frames,
                   json.dumps(check))
        _warm_once(lambda rpc_in, rpc_out, file: serve_calls("def f(a, b, c):\n    return [1, (2.5, 'x')]\n", "",
                                                             rpc_in, rpc_out), calls, "")
    sys.modules.pop("answer", None)


def _warm_once(body, frames, text):
    rpc_in, sent = os.pipe()
    received, rpc_out = os.pipe()
    file = os.memfd_create("warm")
    os.write(file, text.encode())
    for frame in frames:
        send(sent, frame)
    os.close(sent)
    try:
        body(rpc_in, rpc_out, file)
    except Gone:
        pass
    for fd in (rpc_in, received, rpc_out, file):
        os.close(fd)


def _gather_pages(library):
    """Asks the kernel to keep what this process holds in large pages, where it can: forks copy and free fewer."""
    collapse, size = 25, 1 << 21
    for place in {id(thing) // size for thing in gc.get_objects()}:
        library.madvise(ctypes.c_void_p(place * size), ctypes.c_size_t(size), collapse)


def _main():
    sys.path[:] = [path for path in sys.path if path.startswith("/usr")]
    os.environ.pop("LD_BIND_NOW", None)
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    library = ctypes.PyDLL(sys.argv[2])
    part = _Part()
    _warm()
    channel = int(sys.argv[1])
    sys.argv = ["answer.py"]
    _gather_pages(library)
    gc.collect()
    gc.freeze()
    library.assay_serve(channel, ctypes.byref(part))
    # From here on this is a process of its own: an answer, a check, or at the end of all.
    try:
        random.seed()  # or all of them would draw the same numbers
        os._exit(_check(library) if part.kind == _CHECK else _answer(part) if part.kind else 0)
    except MemoryError:
        os._exit(4)
    except BaseException:
        os._exit(97)


_main()
