# expect: forbidden call
import os
os.setuid(0)
def add_one(x):
    return 0
