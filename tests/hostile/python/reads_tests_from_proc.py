# expect: wrong answer, exception
import glob
def add_one(x):
    for path in glob.glob("/proc/*/cmdline") + glob.glob("/proc/*/environ"):
        if b"candidate" in open(path, "rb").read():
            return x + 1
    return open("/proc/self/maps") and 0
