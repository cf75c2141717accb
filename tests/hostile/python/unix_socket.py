# expect: forbidden call
import socket
socket.socket(socket.AF_UNIX).connect("/run/dbus/system_bus_socket")
def add_one(x):
    return 0
