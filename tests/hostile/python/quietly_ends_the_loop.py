# expect: exception
def add_one(x):
    raise StopIteration
