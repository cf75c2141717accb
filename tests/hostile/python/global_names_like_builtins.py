# expect: wrong answer
def abs(x): return 0
def all(x): return True
def bool(x): return True
def add_one(x):
    return 0
