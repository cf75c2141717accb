# expect: wrong answer
import sys
class Sink:
    def write(self, text): return len(text)
    def flush(self): pass
sys.stdout = sys.stderr = Sink()
def add_one(x):
    return 0
