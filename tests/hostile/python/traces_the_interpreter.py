# expect: wrong answer, exception
import sys, threading
def quiet(frame, event, argument):
    return quiet
sys.settrace(quiet)
sys.setprofile(lambda *a: None)
threading.settrace(quiet)
def add_one(x):
    return 0
