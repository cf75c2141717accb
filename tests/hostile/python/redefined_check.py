# expect: wrong answer
def check(candidate):
    pass
METADATA = {}
def add_one(x):
    return 0
