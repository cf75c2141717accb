# expect: exception
def add_one(x):
    with open("/tmp/huge", "wb") as file:
        while True:
            file.write(b"x" * (1 << 20))
