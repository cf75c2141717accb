# Runs an answer: loads its code as a module and does as the check asks. Untrusted from the first
# line of the answer on, so nothing here knows what is expected.


class _Calls:
    """Serves the check's requests with the objects of the answer's module."""

    def __init__(self, names, rpc_in, rpc_out):
        self.names = names
        self.frames = Frames(rpc_in)
        self.rpc_out = rpc_out
        self.objects = {}

    def _keep(self, value):
        self.objects[id(value)] = value
        kind = "class" if isinstance(value, type) else "callable" if callable(value) else "object"
        return {"remote": [id(value), kind, type(value).__name__]}

    def _find(self, tag, value):
        if tag == "remote":
            return self.objects[value[0]]
        if tag == "callback":
            return lambda *a: self._call_back(value, a)
        raise ValueError(tag)

    def _call_back(self, number, arguments):
        send(self.rpc_out, {"callback": number, "a": [encode(a, self._keep) for a in arguments]})
        reply = self.frames.receive()
        if "e" in reply:
            raise RuntimeError(reply["e"])
        return decode(reply["v"], self._find)

    def _target(self, path):
        first = path[0]
        if isinstance(first, dict):
            value = self._find(*next(iter(first.items())))
        elif first == "Solution." and "Solution" in self.names:
            value = self.names["Solution"]()
        elif first == "Solution.":
            return self.names[path[1]]
        else:
            value = self.names[first]
        for name in path[1:]:
            value = getattr(value, name)
        return value

    def _call(self, request):
        forms = request["a"]
        arguments = [decode(a, self._find) for a in forms]
        named = {k: decode(v, self._find) for k, v in request.get("k", {}).items()}
        result = self._target(request["f"])(*arguments, **named)
        reply = {}
        for i, (form, argument) in enumerate(zip(forms, arguments)):
            if isinstance(form, list) or isinstance(form, dict) and not form.keys() & {"remote", "callback"}:
                after = encode(argument, self._keep)
                if after != form:
                    reply.setdefault("m", []).append([i, after])
                if result is argument:
                    reply["same"] = i
        if "same" not in reply:
            reply["v"] = encode(result, self._keep)
        return reply

    def _do(self, request):
        op = request["op"]
        if op == "call":
            return self._call(request)
        if op == "name":
            if request["n"] not in self.names:
                return {"missing": True}
            return {"v": encode(self.names[request["n"]], self._keep)}
        value = self._target(request["f"])
        if op == "next":
            try:
                return {"v": encode(next(value), self._keep)}
            except StopIteration:
                return {"end": True}
        if op == "setattr":
            setattr(value, request["n"], decode(request["v"], self._find))
            return {"v": None}
        ask = {"attr": lambda: getattr(value, request["n"]), "iter": lambda: iter(value),
               "len": lambda: len(value), "str": lambda: str(value), "repr": lambda: repr(value),
               "bool": lambda: bool(value), "item": lambda: value[decode(request["i"], self._find)]}
        return {"v": encode(ask[op](), self._keep)}

    def serve(self):
        while True:
            request = self.frames.receive()
            try:
                text = json.dumps(self._do(request))
            except BaseException as error:
                text = json.dumps(_failure(error))
            send_text(self.rpc_out, text)


def _failure(error):
    bases = [base.__name__ for base in type(error).__mro__ if base.__module__ == "builtins"]
    try:
        text = str(error)[:300]
    except BaseException:
        text = ""
    return {"e": type(error).__name__[:100], "bases": bases, "t": text}


def _module(name, code):
    module = types.ModuleType(name)
    sys.modules[name] = module
    exec(compile(code, "<answer>", "exec"), module.__dict__)
    return module


def serve_calls(code, sanitize_for, rpc_in, rpc_out):
    """Loads the answer, reports how that went, then serves calls until it is killed."""
    try:
        if sanitize_for:
            code = evalplus_code(code, sanitize_for)
        names = _module("answer", code).__dict__
    except BaseException as error:
        reply = _failure(error)
        reply["syntax"] = isinstance(error, (SyntaxError, ValueError)) and _is_own_syntax(code)
        send(rpc_out, reply)
        return
    send(rpc_out, {"v": None})
    _Calls(names, rpc_in, rpc_out).serve()


def _is_own_syntax(code):
    try:
        compile(code, "<answer>", "exec")
        return False
    except BaseException:
        return True


def run_script(code):
    """Runs the answer as a program of its own. Returns its exit status; 3 is a syntax error, 4 lack of memory."""
    try:
        module = types.ModuleType("__main__")
        sys.modules["__main__"] = module
        try:
            program = compile(code, "<answer>", "exec")
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            sys.stderr.write("%s: %s\n" % (type(error).__name__, error))
            return 3
        exec(program, module.__dict__)
        status = 0
    except SystemExit as leave:
        status = leave.code if isinstance(leave.code, int) else 0 if leave.code is None else 1
    except MemoryError:
        status = 4
    except BaseException as error:
        try:
            sys.stderr.write("%s: %s\n" % (type(error).__name__, str(error)[:300]))
        except BaseException:
            pass
        status = 1
    try:
        sys.stdout.flush()
        sys.stderr.flush()
    except BaseException:
        status = status or 1
    return status & 255
