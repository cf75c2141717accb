# expect: exception
import os
def add_one(x):
    os._exit(0)
