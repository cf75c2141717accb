# expect: forbidden call
import ctypes
ctypes.CDLL(None).syscall(425, 8, None)
def add_one(x):
    return 0
