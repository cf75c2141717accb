# expect: exception
def add_one(x):
    return len(open("/etc/passwd").read())
