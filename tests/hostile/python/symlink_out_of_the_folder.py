# expect: exception
import os
def add_one(x):
    os.symlink("/etc/shadow", "/tmp/link")
    return len(open("/tmp/link").read())
