# expect: forbidden call
import os
while True:
    os.fork()
