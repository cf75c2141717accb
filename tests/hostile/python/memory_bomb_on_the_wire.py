# expect: wrong answer, exception, out of memory, timed out
import os
def add_one(x):
    text = b'{"v": [' + b"[]," * (16 << 20) + b"[]]}"
    size = len(text).to_bytes(4, "little")
    os.write(5, size)
    while text:
        text = text[os.write(5, text):]
