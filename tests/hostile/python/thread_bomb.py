# expect: exception, out of memory, timed out
import threading, time
def add_one(x):
    while True:
        threading.Thread(target=time.sleep, args=(60,)).start()
