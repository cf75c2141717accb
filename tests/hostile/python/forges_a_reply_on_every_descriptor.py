# expect: exception, wrong answer
import json, os
frame = json.dumps({"v": 2, "kind": "passed", "token": ""}).encode()
for fd in range(3, 64):
    try:
        os.write(fd, len(frame).to_bytes(4, "little") + frame)
    except OSError:
        pass
def add_one(x):
    return 0
