// expect: forbidden call
#include <sys/socket.h>
long add_one(long x) {
  return socket(AF_INET, SOCK_STREAM, 0);
}
