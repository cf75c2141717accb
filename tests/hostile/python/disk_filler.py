# expect: exception
def add_one(x):
    for i in range(100000):
        with open("/tmp/%d" % i, "wb") as file:
            file.write(b"x" * (1 << 20))
