# expect: out of memory, timed out
def add_one(x):
    hog = []
    while True:
        hog.append(bytearray(1 << 24))
