// expect: exception, wrong answer
#include <csetjmp>
static jmp_buf early;
struct Early {
  Early() {
    if (setjmp(early) != 0) _exit(0);
  }
} before;
long add_one(long x) {
  longjmp(early, 1);
}
