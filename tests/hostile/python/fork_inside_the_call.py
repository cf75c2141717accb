# expect: forbidden call
import os
def add_one(x):
    os.fork()
    return x + 1
