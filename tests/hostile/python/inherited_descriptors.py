# expect: exception, wrong answer
import os
def add_one(x):
    open_ones = []
    for fd in range(3, 4096):
        try:
            os.fstat(fd)
            open_ones.append(fd)
        except OSError:
            pass
    for fd in open_ones:
        text = os.pread(fd, 4096, 0)
        os.pwrite(fd, text.replace(b"wrong", b"passed"), 0)
    return 0
