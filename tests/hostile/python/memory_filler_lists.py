# expect: out of memory
def add_one(x):
    hog = []
    while True:
        hog.append(bytearray(1 << 24))
