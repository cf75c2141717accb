# expect: exception, wrong answer
import os, resource
resource.setrlimit(resource.RLIMIT_AS, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
os.nice(-20)
def add_one(x):
    return 0
