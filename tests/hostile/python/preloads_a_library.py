# expect: forbidden call
import os
open("/tmp/evil.so", "wb").write(b"\x7fELF")
os.environ["LD_PRELOAD"] = "/tmp/evil.so"
os.posix_spawn("/usr/bin/id", ["id"], os.environ)
def add_one(x):
    return 0
