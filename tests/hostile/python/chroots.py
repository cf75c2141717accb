# expect: forbidden call
import os
os.chroot("/tmp")
def add_one(x):
    return 0
