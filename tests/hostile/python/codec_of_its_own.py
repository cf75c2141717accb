# expect: wrong answer, exception
import codecs, _codecs
codecs.register(lambda name: codecs.lookup("rot13"))
_codecs.utf_8_decode = _codecs.utf_8_encode = lambda *a: ("2", 1)
def add_one(x):
    return 0
