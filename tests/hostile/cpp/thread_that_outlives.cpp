// expect: wrong answer, exception
#include <thread>
#include <unistd.h>
long add_one(long x) {
  std::thread([] {
    const char frame[17] = {9, 0, 0, 0, 0, 0, 0, 0, 0, 2};
    for (;;) write(4, frame, sizeof frame) < 0;
  }).detach();
  return 0;
}
