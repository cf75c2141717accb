# expect: forbidden call
import os, signal
os.kill(os.getppid(), signal.SIGKILL)
def add_one(x):
    return 0
