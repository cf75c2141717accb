# expect: wrong answer, exception
import builtins
builtins.__import__ = lambda *a, **k: builtins
builtins.__build_class__ = lambda *a, **k: int
__builtins__["AssertionError"] = __builtins__["Exception"] = BaseException
def add_one(x):
    return 0
