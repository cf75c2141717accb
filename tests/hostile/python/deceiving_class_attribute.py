# expect: wrong answer, exception
class Two:
    __class__ = int
    def __eq__(self, other): return True
    def __sub__(self, other): return 0
    def __abs__(self): return 0
    def __lt__(self, other): return True
def add_one(x):
    return Two()
