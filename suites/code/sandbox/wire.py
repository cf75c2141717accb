# Plain data over a pipe, between the process that runs an answer and the process that checks it.
#
# Only values cross, never code: the reader builds exact built-in types, so an object that an answer
# returns cannot bring an __eq__, an __index__ or a __reduce__ of its own into the check.
# A frame is 4 bytes of length (little endian) and that many bytes of JSON.
import collections
import datetime
import decimal
import fractions
import json
import os
import select
import time

FRAME_BYTES_MAX = 64 << 20


class Gone(Exception):
    """The other side closed its end."""


class Slow(Exception):
    """The other side did not answer in time."""


class Budget:
    """The time of one call: `limit_s` of the answer's processor time, four times as much by the clock, so that a busy
    machine does not count against the answer."""

    CLOCK_FACTOR = 4

    def __init__(self, limit_s, clock):
        self.limit_s = limit_s
        self.clock = clock
        self.cpu_began = clock()
        self.began = time.monotonic()

    def left_s(self):
        """How long to wait before asking again; not above 0 where the time is up."""
        on_clock = self.CLOCK_FACTOR * self.limit_s - (time.monotonic() - self.began)
        return min(self.limit_s - (self.clock() - self.cpu_began), on_clock)


def answer_clock(pid):
    """A function that tells the processor time of the process, in seconds. The kernel makes a process's clock number
    from its id as clock_getcpuclockid(3) does."""
    number = (~pid << 3) | 2

    def clock():
        try:
            return time.clock_gettime(number)
        except OSError:
            return 0.0
    return clock


class Unsendable(Exception):
    """A value that has no plain form."""


def read_file(fd):
    """The whole of a file that is not a pipe."""
    return os.pread(fd, os.fstat(fd).st_size, 0)


def send(fd, value):
    send_text(fd, json.dumps(value))


def send_text(fd, text):
    data = text.encode()
    if len(data) > FRAME_BYTES_MAX:
        raise Unsendable("a value of %d bytes" % len(data))
    data = len(data).to_bytes(4, "little") + data
    try:
        while data:
            data = data[os.write(fd, data):]
    except OSError as error:
        raise Gone(str(error)) from None


class Frames:
    """What arrives on a pipe. Most frames come whole in one read."""

    def __init__(self, fd):
        self.fd = fd
        self.rest = b""

    def _read(self, size, budget):
        while budget is not None:
            left_s = budget.left_s()
            if left_s <= 0:
                raise Slow()
            if select.select([self.fd], [], [], left_s)[0]:
                break
        part = os.read(self.fd, size)
        if not part:
            raise Gone("end of file")
        return part

    def receive(self, budget=None):
        data = self.rest
        while len(data) < 4:
            data += self._read(8192, budget)
        end = 4 + int.from_bytes(data[:4], "little")
        if end > FRAME_BYTES_MAX:
            raise Gone("a frame of %d bytes" % end)
        if len(data) < end:
            parts, left = [data], end - len(data)
            while left > 0:
                parts.append(self._read(min(left, 1 << 20), budget))
                left -= len(parts[-1])
            data = b"".join(parts)
        self.rest = data[end:]
        return json.loads(data[4:end].decode())


_AS_IS = (bool, int, float, str, type(None))
_SHORT = (bool, float, str, type(None))
# Long integers travel in hex: to and from decimal digits takes time that grows with their square.
_INT_MAX = 1 << 256
_SEQUENCES = {tuple: "tuple", set: "set", frozenset: "frozenset", collections.deque: "deque"}
_KEYS = type({}.keys())
_VALUES = type({}.values())
_ITEMS = type({}.items())
_BUILTIN_TYPES = {t.__name__: t for t in (bool, int, float, str, list, tuple, dict, set, frozenset,
                                          bytes, complex, type(None), type, object)}


def encode(value, other):
    """The JSON form of `value`; `other(value)` gives the form of what is not plain data."""
    kind = type(value)
    if kind is int and not -_INT_MAX < value < _INT_MAX:
        return {"int": hex(value)}
    if kind in _AS_IS:
        return value
    if kind is list:
        return [v if type(v) in _SHORT else encode(v, other) for v in value]
    if kind is dict:
        return {"dict": [[encode(k, other), encode(v, other)] for k, v in value.items()]}
    if kind in _SEQUENCES:
        return {_SEQUENCES[kind]: [encode(v, other) for v in value]}
    return _encode_rare(value, kind, other)


def _encode_rare(value, kind, other):
    if kind is bytes or kind is bytearray:
        return {kind.__name__: value.decode("latin-1")}
    if kind is complex:
        return {"complex": [value.real, value.imag]}
    if kind is range:
        return {"range": [value.start, value.stop, value.step]}
    if kind is decimal.Decimal or kind is fractions.Fraction:
        return {kind.__name__: str(value)}
    if kind is datetime.date or kind is datetime.datetime or kind is datetime.time:
        return {kind.__name__: value.isoformat()}
    if kind is datetime.timedelta:
        return {"timedelta": [value.days, value.seconds, value.microseconds]}
    if kind in (_KEYS, _VALUES, _ITEMS):
        return {kind.__name__: [encode(v, other) for v in value]}
    if kind is collections.Counter:
        return {"Counter": [[encode(k, other), encode(v, other)] for k, v in value.items()]}
    if isinstance(value, type) and _BUILTIN_TYPES.get(value.__name__) is value:
        return {"type": value.__name__}
    # A subclass travels as its plain base: what it overrides must not decide a comparison.
    if isinstance(value, (int, float, str)):
        for base in (bool, int, float, str):
            if isinstance(value, base):
                return {"plain": [base.__name__, base.__repr__(value) if base is not str else str.__str__(value)]}
    if isinstance(value, dict):
        return {"dict": [[encode(k, other), encode(v, other)] for k, v in dict.items(value)]}
    if isinstance(value, list):
        return [encode(v, other) for v in list.__iter__(value)]
    for base, name in _SEQUENCES.items():
        if isinstance(value, base):
            return {name: [encode(v, other) for v in base.__iter__(value)]}
    return other(value)


_REBUILD = {
    "int": lambda v, d: int(v, 16),
    "tuple": lambda v, d: tuple([d(x) for x in v]),
    "set": lambda v, d: {d(x) for x in v},
    "frozenset": lambda v, d: frozenset([d(x) for x in v]),
    "deque": lambda v, d: collections.deque([d(x) for x in v]),
    "dict": lambda v, d: {d(k): d(x) for k, x in v},
    "Counter": lambda v, d: collections.Counter({d(k): d(x) for k, x in v}),
    "dict_keys": lambda v, d: dict.fromkeys([d(x) for x in v]).keys(),
    "dict_values": lambda v, d: dict(enumerate([d(x) for x in v])).values(),
    "dict_items": lambda v, d: dict([d(x) for x in v]).items(),
    "bytes": lambda v, d: v.encode("latin-1"),
    "bytearray": lambda v, d: bytearray(v.encode("latin-1")),
    "complex": lambda v, d: complex(float(v[0]), float(v[1])),
    "range": lambda v, d: range(*v),
    "Decimal": lambda v, d: decimal.Decimal(v),
    "Fraction": lambda v, d: fractions.Fraction(v),
    "date": lambda v, d: datetime.date.fromisoformat(v),
    "datetime": lambda v, d: datetime.datetime.fromisoformat(v),
    "time": lambda v, d: datetime.time.fromisoformat(v),
    "timedelta": lambda v, d: datetime.timedelta(*v),
    "type": lambda v, d: _BUILTIN_TYPES[v],
    "plain": lambda v, d: {"bool": lambda t: t == "True", "int": int, "float": float, "str": str}[v[0]](v[1]),
}


def decode(form, other):
    """The reverse of encode; raises whatever a malformed form makes it raise."""
    kind = type(form)
    if kind is list:
        return [v if type(v) in _AS_IS else decode(v, other) for v in form]
    if kind is not dict:
        return form
    (tag, value), = form.items()
    rebuild = _REBUILD.get(tag)
    if rebuild is None:
        return other(tag, value)
    return rebuild(value, lambda x: decode(x, other))
