# expect: exception, wrong answer
def add_one(x):
    with open("/proc/1/mem", "r+b") as memory:
        memory.write(b"x")
    return 0
