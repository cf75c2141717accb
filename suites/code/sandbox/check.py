# Checks an answer from a process of its own: the test's code runs here, the answer's runs in
# another, and only plain data crosses. What this process finds it writes together with the token
# that it alone was given, after the answer had been loaded.
import functools
import opcode


class AnswerError(Exception):
    """An exception that was raised inside the answer and has no built-in type."""


class _Broken(BaseException):
    """The answer's process is gone, or speaks nonsense."""


class _TooSlow(BaseException):
    pass


class Remote:
    """An object that stays with the answer. What it says of itself is data, never a decision:
    it equals itself and nothing else."""

    def __init__(self, link, form):
        object.__setattr__(self, "_link", link)
        object.__setattr__(self, "_form", form)

    def _ask(self, op, **more):
        return self._link.ask({"op": op, "f": [{"remote": self._form}], **more})

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self._ask("attr", n=name)

    def __setattr__(self, name, value):
        self._ask("setattr", n=name, v=self._link.form(value))

    def __call__(self, *arguments, **named):
        return self._link.call([{"remote": self._form}], arguments, named)

    def __iter__(self):
        return self._ask("iter")

    def __next__(self):
        reply = self._link.exchange({"op": "next", "f": [{"remote": self._form}]})
        if "end" in reply:
            raise StopIteration
        return self._link.value(reply["v"])

    def __len__(self):
        return self._ask("len")

    def __bool__(self):
        return self._ask("bool") is True

    def __getitem__(self, index):
        return self._ask("item", i=self._link.form(index))

    def __str__(self):
        return str(self._ask("str"))

    def __repr__(self):
        return str(self._ask("repr"))

    def __eq__(self, other):
        return type(other) is Remote and self._form[0] == other._form[0]

    def __hash__(self):
        return hash(self._form[0])


class Link:
    """Calls into the answer's process; keeps the number of calls and the processor time they took over there."""

    def __init__(self, rpc_in, rpc_out, clock):
        self.frames = Frames(rpc_in)
        self.rpc_out = rpc_out
        self.clock = clock
        self.callbacks = []
        self.calls = 0
        self.time_s = 0.0
        self.call_limit_s = None
        self.last_error = None
        self.is_plain = True

    def will_run(self, program):
        """To be asked of every code object before it runs in this process: see leaves_nothing."""
        self.is_plain = self.is_plain and leaves_nothing(program)
        return program

    def form(self, value):
        return encode(value, self._other_form)

    def _other_form(self, value):
        if type(value) is Remote:
            return {"remote": value._form}
        if callable(value):
            self.callbacks.append(value)
            return {"callback": len(self.callbacks) - 1}
        raise Unsendable("the test passes a value of type %s" % type(value).__name__)

    def _other_value(self, tag, value):
        if tag != "remote":
            raise ValueError(tag)
        number, kind, name = value
        return Remote(self, [int(number), str(kind), str(name)])

    def value(self, form):
        try:
            return decode(form, self._other_value)
        except Exception as error:
            raise _Broken("the answer returned what cannot be read: %s" % type(error).__name__) from None

    def _receive(self, budget=None):
        try:
            return self.frames.receive(budget)
        except Slow:
            raise _TooSlow() from None
        except Gone:
            raise _Broken("the answer's process ended") from None
        except (ValueError, RecursionError):
            raise _Broken("the answer's process spoke nonsense") from None

    def exchange(self, request):
        began = self.clock()
        budget = Budget(self.call_limit_s, self.clock) if self.call_limit_s else None
        try:
            send(self.rpc_out, request)
        except Gone:
            raise _Broken("the answer's process ended") from None
        while True:
            reply = self._receive(budget)
            if type(reply) is not dict:
                raise _Broken("the answer's process spoke nonsense")
            if "callback" not in reply:
                break
            self._call_back(reply)
        self.time_s += max(0.0, self.clock() - began)
        self.last_error = None
        if "e" in reply:
            self._raise(reply)
        return reply

    def _call_back(self, reply):
        try:
            function = self.callbacks[int(reply["callback"])]
            result = {"v": self.form(function(*[self.value(a) for a in reply["a"]]))}
        except Exception as error:
            result = {"e": type(error).__name__}
        send(self.rpc_out, result)

    def _raise(self, reply):
        """Raises what the answer raised, as the nearest built-in exception."""
        text = str(reply.get("t", ""))[:300]
        self.last_error = "%s: %s" % (str(reply["e"])[:100], text)
        kind = AnswerError
        for name in reply.get("bases") or []:
            found = getattr(builtins, name, None) if isinstance(name, str) else None
            if isinstance(found, type) and issubclass(found, BaseException):
                # As in generators (PEP 479): raised by a call, these two would end the test's own loops early,
                # and quietly.
                kind = RuntimeError if found in (StopIteration, StopAsyncIteration, GeneratorExit) else found
                break
        try:
            error = kind(text)
        except Exception:
            error = AnswerError(text)
        raise error

    def ask(self, request):
        reply = self.exchange(request)
        if "v" not in reply:
            raise _Broken("the answer's process spoke nonsense")
        return self.value(reply["v"])

    def call(self, path, arguments, named):
        self.calls += 1
        request = {"op": "call", "f": path, "a": [self.form(a) for a in arguments]}
        if named:
            request["k"] = {k: self.form(v) for k, v in named.items()}
        reply = self.exchange(request)
        for change in reply.get("m") or []:
            try:
                _become(arguments[change[0]], self.value(change[1]))
            except (TypeError, IndexError, ValueError):
                raise _Broken("the answer's process spoke nonsense") from None
        if "same" in reply:
            try:
                return arguments[reply["same"]]
            except (TypeError, IndexError):
                raise _Broken("the answer's process spoke nonsense") from None
        if "v" not in reply:
            raise _Broken("the answer's process spoke nonsense")
        return self.value(reply["v"])

    def loaded(self):
        """Waits until the answer is loaded; returns the failure where it could not be."""
        reply = self._receive()
        return reply if type(reply) is not dict or "e" in reply else None


def _become(old, new):
    """Repeats in our copy of an argument what the answer did to its own."""
    if type(old) is not type(new):
        raise ValueError("an argument changed its type")
    if isinstance(old, (list, bytearray)):
        old[:] = new
    elif isinstance(old, (dict, set)):
        old.clear()
        old.update(new)
    elif isinstance(old, collections.deque):
        old.clear()
        old.extend(new)


class Names(dict):
    """The test's global names. What neither the test nor Python defines is looked up in the answer;
    a name of Python's own is the answer's only where the question asks for it."""

    def __init__(self, link, asked_for):
        super().__init__(__name__="test")
        self._link = link
        self._asked_for = asked_for

    def __missing__(self, name):
        if name not in self._asked_for:
            if hasattr(builtins, name):
                raise KeyError(name)
            if name in sys.stdlib_module_names and not name.startswith("_"):
                # A test that forgot to import a module means Python's, not what the answer calls by that name.
                self._link.is_plain = self._link.is_plain and name in _STATELESS
                self[name] = importlib.import_module(name)
                return self[name]
        reply = self._link.exchange({"op": "name", "n": name})
        if "v" not in reply:
            raise KeyError(name)
        value = self._link.value(reply["v"])
        if type(value) is Remote and value._form[1] == "callable":
            value = _function(self._link, name)
        self[name] = value
        return value


def _function(link, *path):
    def candidate(*arguments, **named):
        return link.call(list(path), arguments, named)
    return candidate


def _close(out, expected, atol):
    """EvalPlus's comparison: equal, or close where floats are expected (rtol 1e-7)."""
    if out == expected:
        return True
    if atol == 0 and _is_floats(expected):
        atol = 1e-6
    if atol == 0 or type(out) is not type(expected):
        return False
    return _all_close(out, expected, atol)


def _is_floats(value):
    if isinstance(value, float):
        return True
    return isinstance(value, (list, tuple)) and len(value) > 0 and all(isinstance(v, float) for v in value)


def _all_close(out, expected, atol):
    if isinstance(expected, (list, tuple)):
        return (isinstance(out, (list, tuple)) and len(out) == len(expected)
                and all(_all_close(o, e, atol) for o, e in zip(out, expected)))
    if isinstance(expected, dict):
        return (isinstance(out, dict) and out.keys() == expected.keys()
                and all(_all_close(out[k], e, atol) for k, e in expected.items()))
    if isinstance(expected, (int, float)) and isinstance(out, (int, float)):
        return out == expected or abs(out - expected) <= atol + 1e-7 * abs(expected)
    return out == expected


# A check's process judges one answer after the other for as long as the tests' own code can leave nothing behind for
# the next: it then is made of calls, comparisons and plain data. Tests are not hostile; this is so that one
# that seeds, patches or stores something decides nothing but its own verdict.
_STATELESS = frozenset(("bisect", "cmath", "collections", "copy", "fractions", "functools", "heapq", "itertools", "math",
                        "operator", "re", "statistics", "string", "typing"))
_STATEFUL_NAMES = frozenset(("breakpoint", "compile", "delattr", "eval", "exec", "exit", "globals", "help", "input",
                             "locals", "open", "quit", "setattr", "vars"))
_STORING = frozenset(opcode.opmap[name] for name in ("STORE_ATTR", "DELETE_ATTR"))
_IMPORT, _EXTENDED = opcode.opmap["IMPORT_NAME"], opcode.opmap["EXTENDED_ARG"]


def leaves_nothing(program):
    """Whether running the code object changes nothing that outlives its own names."""
    operations = program.co_code[::2]
    if any(name in _STATEFUL_NAMES or name[0] == "_" and name != "_" for name in program.co_names):
        return False
    if any(operation in _STORING for operation in operations):
        return False
    if _IMPORT in operations and not _STATELESS.issuperset(_imported(program)):
        return False
    return all(leaves_nothing(part) for part in program.co_consts if type(part) is types.CodeType)


def _imported(program):
    code = program.co_code
    # With more than 256 names the number of one takes two instructions; such a test is not plain.
    return ["" if _EXTENDED in code[::2] else program.co_names[code[i + 1]]
            for i in range(0, len(code), 2) if code[i] == _IMPORT]


@functools.lru_cache(maxsize=64)
def _compiled(text, name, mode="exec"):
    """Many answers are checked by the same test."""
    return compile(text, name, mode)


def _show(value):
    text = repr(value)
    return text if len(text) <= 120 else text[:117] + "..."


class _Wrong(Exception):
    pass


def _check_code(link, check):
    """Tests that are Python: `setup` is what the question's prompt defines, `code` the test itself,
    `call` the function whose `check` is to be called."""
    names = Names(link, set(check.get("names", [])))
    setup = check.get("setup", "")
    if setup:
        try:
            exec(link.will_run(_compiled(setup, "<question>")), names)
        except SyntaxError:
            pass
        for name in [n for n, v in names.items() if isinstance(v, type) and v.__module__ == "test"]:
            del names[name]
    for name in check.get("names", []):
        names.pop(name, None)
    steps = check["code"] if isinstance(check["code"], list) else [check["code"]]
    for step in steps:
        exec(link.will_run(_compiled(step, "<test>")), names)
    if check.get("call"):
        dict.__getitem__(names, "check")(_function(link, check["call"]))


def _check_inputs(link, check):
    """EvalPlus's form: the reference is run here on every input, the answer over there."""
    scope = {"__name__": "reference"}
    exec(link.will_run(_compiled(check["reference"], "<reference>")), scope)
    reference = scope[check["call"]]
    limit_min_s, limit_factor = check["limit_min_s"], check["limit_factor"]
    for inputs in check["inputs"]:
        copy_of = copy.deepcopy(inputs)
        began = time.process_time()
        expected = reference(*copy_of)
        link.call_limit_s = max(limit_min_s, limit_factor * (time.process_time() - began))
        out = link.call([check["call"]], copy.deepcopy(inputs), {})
        if check.get("root_of"):
            # find_zero has many right answers: what counts is the polynomial's value there.
            polynomial = scope[check["root_of"]]
            right = isinstance(out, (int, float)) and abs(polynomial(*inputs, out)) <= max(check["atol"], 1e-4)
        else:
            right = _close(out, expected, check["atol"])
        if not right:
            raise _Wrong("%s(%s) gave %s, not %s" % (check["call"], _show(inputs)[1:-1], _show(out), _show(expected)))


def _check_cases(link, check):
    """Arguments and what they must give. Tuples may stand for lists where the case says so."""
    link.call_limit_s = check.get("limit_s")
    path = ["Solution.", check["call"]] if check.get("method") else [check["call"]]
    for case in check["cases"]:
        out = link.call(path, copy.deepcopy(case["arguments"]), {})
        if check.get("method"):
            out = _lists(out)
        right = _close(out, case["expected"], 0)
        if not check.get("method"):
            right = right and (type(out) is bool) == (type(case["expected"]) is bool)
        if not right:
            raise _Wrong("%s(%s) gave %s, not %s" % (check["call"], _show(case["arguments"])[1:-1], _show(out),
                                                    _show(case["expected"])))


def _lists(value):
    return [_lists(v) for v in value] if isinstance(value, (list, tuple)) else value


def _check_output(link, check):
    """CRUXEval, output prediction: the answer's expression against what the function gives."""
    scope = {}
    exec(link.will_run(_compiled(check["reference"], "<reference>")), scope)
    expected = eval(link.will_run(_compiled("f(%s)" % check["input"], "<reference>", "eval")), scope)
    out = link.call(["assay_answer"], [], {})
    if out != expected:
        raise _Wrong("%s predicted, the function gives %s" % (_show(out), _show(expected)))


def _check_input(link, check):
    """CRUXEval, input prediction: the function, given the answer's arguments, against the output."""
    scope = {}
    exec(link.will_run(_compiled(check["reference"], "<reference>")), scope)
    expected = eval(link.will_run(_compiled(check["output"], "<reference>", "eval")), {})
    predicted = link.call(["assay_answer"], [], {})
    if type(predicted) is not tuple or len(predicted) != 3 or predicted[0] != "arguments":
        raise _Wrong("the answer is not a call of f")
    out = scope["f"](*predicted[1], **predicted[2])
    if out != expected:
        raise _Wrong("f(%s) gives %s, not %s" % (_show(predicted[1])[1:-1], _show(out), _show(expected)))


_FORMS = {"code": _check_code, "inputs": _check_inputs, "cases": _check_cases, "output": _check_output,
          "input": _check_input}


def _judge(link, check):
    try:
        _FORMS[check["form"]](link, check)
        return "passed", ""
    except _Wrong as wrong:
        return "wrong answer", str(wrong)
    except _TooSlow:
        return "timed out", "one call took longer than %.1f s" % link.call_limit_s
    except _Broken as broken:
        return "gone", str(broken)
    except Unsendable as value:
        return "harness failure", str(value)
    except BaseException as error:
        if link.last_error:
            memory = isinstance(error, MemoryError)
            return "out of memory" if memory else "exception", link.last_error
        if isinstance(error, AssertionError):
            return "wrong answer", _failed_line(error, check)
        if link.calls == 0:
            return "exception", "the test could not call the answer: %s: %s" % (type(error).__name__, str(error)[:200])
        return "wrong answer", "the test failed: %s: %s" % (type(error).__name__, str(error)[:200])


def _failed_line(error, check):
    """The source line of the assertion that failed, where there is one."""
    number, step = 0, error.__traceback__
    while step is not None:
        if step.tb_frame.f_code.co_filename == "<test>":
            number = step.tb_lineno
        step = step.tb_next
    code = check.get("code", "")
    if isinstance(code, list):
        return "an assertion failed"
    lines = code.split("\n")
    return lines[number - 1].strip()[:200] if 0 < number <= len(lines) else "an assertion failed"


def check_answer(check_fd, result_fd, rpc_in, rpc_out, clock):
    """Writes the verdict and the token, as one JSON object, to result_fd. Returns whether this process may go on to
    check another answer."""
    link = Link(rpc_in, rpc_out, clock)
    try:
        failure = link.loaded()
    except _Broken:
        failure = {"e": "gone"}
    check = json.loads(read_file(check_fd))
    if failure is None:
        kind, why = _judge(link, check)
    elif type(failure) is not dict or failure.get("e") == "gone":
        kind, why = "gone", "the answer's process ended while it was loaded"
    else:
        name = str(failure.get("e"))[:100]
        kind = ("syntax error" if failure.get("syntax") is True else
                "out of memory" if name == "MemoryError" else "exception")
        why = "%s: %s" % (name, str(failure.get("t", ""))[:300])
    result = {"token": check["token"], "kind": kind, "why": why, "calls": link.calls, "time_s": link.time_s}
    os.pwrite(result_fd, json.dumps(result).encode(), 0)
    return link.is_plain and kind in ("passed", "wrong answer", "exception", "syntax error", "gone")
