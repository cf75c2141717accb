# expect: wrong answer
import sys, types
quiet = types.ModuleType("__main__")
quiet.check_answer = quiet._judge = lambda *a: ("passed", "")
for name in list(sys.modules):
    if name in ("__main__", "test", "answer"):
        sys.modules[name] = quiet
def add_one(x):
    return 0
