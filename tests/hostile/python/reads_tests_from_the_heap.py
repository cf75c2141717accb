# expect: wrong answer, timed out
import gc
def add_one(x):
    for thing in gc.get_objects():
        if isinstance(thing, dict) and any(isinstance(v, str) and "candidate(1) ==" + " 2" in v for v in list(thing.values())):
            return x + 1
    return 0
