# expect: exception, wrong answer, timed out
import os
def add_one(x):
    while True:
        os.write(5, b"\x02\x00\x00\x00{}")
