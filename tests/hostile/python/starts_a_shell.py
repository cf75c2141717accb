# expect: forbidden call
import os
os.system("echo hello")
def add_one(x):
    return 0
