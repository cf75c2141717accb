# expect: forbidden call
import os
if os.fork() == 0:
    os.setsid()
    while True:
        pass
def add_one(x):
    return 0
