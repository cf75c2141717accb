# expect: forbidden call
import ctypes
ctypes.CDLL(None).mount(b"none", b"/tmp", b"tmpfs", 0, None)
def add_one(x):
    return 0
