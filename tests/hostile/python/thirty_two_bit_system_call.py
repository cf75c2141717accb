# expect: forbidden call
import ctypes
ctypes.CDLL(None).syscall(0x40000000 + 57)
def add_one(x):
    return 0
