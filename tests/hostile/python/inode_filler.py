# expect: exception, timed out
def add_one(x):
    for i in range(10**7):
        open("/tmp/%d" % i, "w").close()
