# expect: wrong answer
import sys
def add_one(x):
    frame = sys._getframe()
    while frame:
        for value in list(frame.f_locals.values()) + list(frame.f_globals.values()):
            if isinstance(value, str) and "candidate(1)" + " == 2" in value:
                return x + 1
        frame = frame.f_back
    return 0
