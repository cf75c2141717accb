# expect: forbidden call
import ctypes
ctypes.CDLL(None).ptrace(16, 1, 0, 0)
def add_one(x):
    return 0
