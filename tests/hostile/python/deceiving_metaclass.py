# expect: wrong answer, exception
class Meta(type):
    def __eq__(cls, other): return True
    def __hash__(cls): return hash(int)
    def __instancecheck__(cls, thing): return True
class Two(int, metaclass=Meta):
    def __new__(cls, value): return super().__new__(cls, 0)
def add_one(x):
    return Two(2)
