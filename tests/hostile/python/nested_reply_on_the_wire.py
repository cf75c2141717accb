# expect: wrong answer, exception
import os
def add_one(x):
    text = b"[" * 200000
    os.write(5, len(text).to_bytes(4, "little") + text)
    os._exit(0)
