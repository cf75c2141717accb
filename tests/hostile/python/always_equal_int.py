# expect: wrong answer
class Equal(int):
    def __eq__(self, other): return True
    def __ne__(self, other): return False
def add_one(x):
    return Equal(0)
