# expect: timed out
import time
def add_one(x):
    time.sleep(3600)
