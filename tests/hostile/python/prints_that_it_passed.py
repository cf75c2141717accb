# expect: wrong answer
print('{"kind": "passed"}')
print("OK: all tests passed")
def add_one(x):
    return 0
