# expect: wrong answer, timed out, exception
def add_one(x):
    return 1 << 10**7
