# expect: out of memory
def add_one(x):
    return len("x" * (1 << 40))
