# expect: exception, wrong answer
import os
def add_one(x):
    os.write(5, b"\xff" * 64)
    os._exit(0)
