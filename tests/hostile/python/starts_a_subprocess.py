# expect: forbidden call
import subprocess
subprocess.run(["/usr/bin/id"])
def add_one(x):
    return 0
