# expect: forbidden call
import os, pickle
class Command:
    def __reduce__(self): return (os.system, ("kill -9 -1",))
def add_one(x):
    return pickle.loads(pickle.dumps(Command()))
