# expect: forbidden call
import os
file = os.memfd_create("run")
os.write(file, b"#!/bin/sh\nkill -9 -1\n")
os.execve(file, ["run"], {})
def add_one(x):
    return 0
