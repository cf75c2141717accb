// expect: compile error, timed out, out of memory
#include </dev/zero>
long add_one(long x) {
  return 0;
}
