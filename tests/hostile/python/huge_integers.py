# expect: timed out, out of memory, wrong answer, exception
def add_one(x):
    return 9 ** 9 ** 9
