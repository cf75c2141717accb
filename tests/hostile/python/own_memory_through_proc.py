# expect: exception
def add_one(x):
    with open("/proc/self/mem", "r+b", 0) as memory:
        memory.seek(id(2))
        memory.write(b"\0" * 32)
    return 0
