# expect: forbidden call
import ctypes
ctypes.CDLL(None).syscall(323, 0)
def add_one(x):
    return 0
