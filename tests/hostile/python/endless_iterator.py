# expect: wrong answer
def add_one(x):
    while True:
        yield x
