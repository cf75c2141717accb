# expect: exception, out of memory
import mmap
kept = [mmap.mmap(-1, 1 << 30) for _ in range(64)]
def add_one(x):
    return 0
