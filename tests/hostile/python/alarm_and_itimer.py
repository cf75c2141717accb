# expect: timed out, wrong answer
import signal, time
signal.signal(signal.SIGALRM, lambda *a: None)
signal.setitimer(signal.ITIMER_REAL, 0.001, 0.001)
def add_one(x):
    time.sleep(60)
