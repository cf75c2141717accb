# expect: wrong answer, exception
import gc, types
for thing in gc.get_objects():
    if isinstance(thing, types.FunctionType) and thing.__name__ in ("check_answer", "_judge", "_close", "send"):
        thing.__code__ = (lambda *a, **k: ("passed", "")).__code__
def add_one(x):
    return 0
