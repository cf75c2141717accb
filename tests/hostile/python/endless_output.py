# expect: output limit
def add_one(x):
    while True:
        print("x" * 4096)
