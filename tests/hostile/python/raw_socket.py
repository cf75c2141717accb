# expect: forbidden call
import socket
socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
def add_one(x):
    return 0
