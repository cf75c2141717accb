# expect: exception
def add_one(x):
    return add_one(x)
