// expect: wrong answer
#include <csignal>
struct Early {
  Early() {
    signal(SIGABRT, [](int) { _exit(0); });
    std::set_terminate([] { _exit(0); });
  }
} early;
long add_one(long x) {
  return 0;
}
