# expect: wrong answer, exception
import json
json.dumps = lambda *a, **k: '{"v": 2}'
def add_one(x):
    return 0
