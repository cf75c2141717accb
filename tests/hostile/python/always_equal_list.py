# expect: wrong answer
class Equal(list):
    def __eq__(self, other): return True
def add_one(x):
    return Equal()
