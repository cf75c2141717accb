# expect: wrong answer
import os
class Code:
    def __reduce__(self): return (os._exit, (0,))
    def __int__(self): return 2
    def __index__(self): return 2
def add_one(x):
    return Code()
