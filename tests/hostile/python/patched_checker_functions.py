# expect: wrong answer, exception
import sys
frame = sys._getframe()
while frame:
    for name in ("_judge", "_check_code", "check_answer", "_close"):
        if name in frame.f_globals:
            frame.f_globals[name] = lambda *a: ("passed", "")
    frame = frame.f_back
def add_one(x):
    return 0
