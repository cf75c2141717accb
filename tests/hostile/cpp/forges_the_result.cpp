// expect: exception, wrong answer
#include <unistd.h>
struct Early {
  Early() {
    const char text[] = "{\"kind\":\"passed\",\"token\":\"0000\"}";
    for (int fd = 3; fd < 64; ++fd) {
      if (write(fd, text, sizeof text - 1) < 0) {
        continue;
      }
    }
    _exit(0);
  }
} early;
long add_one(long x) {
  return 0;
}
