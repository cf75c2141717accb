# expect: wrong answer, exception
import os, threading
frame = b'{"v": 2}'
def shout():
    while True:
        os.write(5, len(frame).to_bytes(4, "little") + frame)
def add_one(x):
    threading.Thread(target=shout, daemon=True).start()
    return 0
