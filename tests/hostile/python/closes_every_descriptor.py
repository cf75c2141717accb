# expect: exception
import os
os.closerange(0, 1024)
def add_one(x):
    return 0
