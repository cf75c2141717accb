# expect: exception
def add_one(x):
    raise GeneratorExit
