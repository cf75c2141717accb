# expect: timed out, exception, wrong answer
import os
def add_one(x):
    text = b'{"callback": -1, "a": [{"remote": [1, "callable", "f"]}]}'
    while True:
        os.write(5, len(text).to_bytes(4, "little") + text)
