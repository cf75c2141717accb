# expect: wrong answer, exception
import ctypes
ctypes.memmove(id(2) + 24, id(0) + 24, 4)
def add_one(x):
    return 0
