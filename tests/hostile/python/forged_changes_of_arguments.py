# expect: wrong answer, exception
import os
def add_one(x):
    text = b'{"same": 0, "m": [[0, {"plain": ["int", "2"]}], [-1, 2], ["x", {"type": "int"}]]}'
    os.write(5, len(text).to_bytes(4, "little") + text)
    os._exit(0)
