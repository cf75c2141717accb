# expect: wrong answer
import builtins
builtins.AssertionError = type("Quiet", (BaseException,), {})
def add_one(x):
    return 0
