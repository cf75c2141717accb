# expect: exception, wrong answer
import os, sys
os.close(1)
sys.stdout = None
def add_one(x):
    return 0
