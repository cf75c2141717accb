# expect: wrong answer
import atexit, os
atexit.register(os._exit, 0)
def add_one(x):
    return 0
