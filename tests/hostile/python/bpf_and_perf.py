# expect: forbidden call
import ctypes
ctypes.CDLL(None).syscall(298, None, 0, -1, -1, 0)
def add_one(x):
    return 0
