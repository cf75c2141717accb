# expect: out of memory, timed out, exception, wrong answer, syntax error
x = (((("a" * 4096) * 4096) * 4096) * 4096)
def add_one(x):
    return 0
