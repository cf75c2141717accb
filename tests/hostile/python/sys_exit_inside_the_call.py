# expect: exception
import sys
def add_one(x):
    sys.exit(0)
