# expect: wrong answer, exception
def add_one(x):
    nest = []
    for _ in range(100000):
        nest = [nest]
    return nest
