# expect: exception, wrong answer
import os, signal
def add_one(x):
    os.kill(os.getpid(), signal.SIGKILL)
    return 0
