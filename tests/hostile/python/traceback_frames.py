# expect: wrong answer, exception
import sys
def add_one(x):
    try:
        raise ValueError
    except ValueError as error:
        frame = error.__traceback__.tb_frame
    while frame.f_back:
        frame = frame.f_back
        frame.f_locals.update(reply={"v": 2}, kind="passed", token="")
    return 0
