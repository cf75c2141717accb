# expect: timed out, out of memory, wrong answer, exception
import os
def add_one(x):
    text = b'{"v": {"Fraction": "1e999999999"}}'
    os.write(5, len(text).to_bytes(4, "little") + text)
    os._exit(0)
