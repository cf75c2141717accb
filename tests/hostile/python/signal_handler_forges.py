# expect: wrong answer, exception
import os, signal
frame = b'{"v": 2, "token": "0", "kind": "passed"}'
def forge(*arguments):
    for fd in range(1, 128):
        try:
            os.write(fd, len(frame).to_bytes(4, "little") + frame)
        except OSError:
            pass
signal.signal(signal.SIGPROF, forge)
signal.setitimer(signal.ITIMER_PROF, 0.001, 0.001)
def add_one(x):
    return 0
