# expect: timed out, wrong answer
import os, signal
os.kill(os.getpid(), signal.SIGSTOP)
def add_one(x):
    return 0
