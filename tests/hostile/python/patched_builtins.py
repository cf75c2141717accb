# expect: wrong answer, exception
import builtins
builtins.abs = lambda x: 0
builtins.all = lambda x: True
builtins.len = lambda x: 0
builtins.isinstance = lambda *a: True
def add_one(x):
    return 0
