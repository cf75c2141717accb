# expect: timed out
import re
def add_one(x):
    return bool(re.match(r"(a+)+$", "a" * 64 + "b"))
