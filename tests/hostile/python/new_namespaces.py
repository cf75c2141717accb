# expect: forbidden call
import ctypes
ctypes.CDLL(None).unshare(0x10000000)
def add_one(x):
    return 0
