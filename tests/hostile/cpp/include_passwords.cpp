// expect: compile error
#include </etc/passwd>
long add_one(long x) {
  return 0;
}
