# expect: forbidden call
import os, signal
os.kill(-1, signal.SIGKILL)
def add_one(x):
    return 0
