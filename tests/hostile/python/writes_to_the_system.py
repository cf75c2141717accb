# expect: exception
def add_one(x):
    open("/usr/bin/python3", "ab").write(b"x")
