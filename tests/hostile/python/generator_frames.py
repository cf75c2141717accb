# expect: wrong answer, exception
def add_one(x):
    def walk():
        frame = this.gi_frame.f_back
        while frame:
            for name, value in list(frame.f_globals.items()):
                if callable(value) and "check" in name:
                    frame.f_globals[name] = lambda *a: ("passed", "")
            frame = frame.f_back
        yield 0
    this = walk()
    return next(this)
