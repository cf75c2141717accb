# expect: forbidden call
import socket
def add_one(x):
    socket.create_connection(("127.0.0.1", 80), 1)
