// expect: compile error
#include __FILE__
long add_one(long x) {
  return 0;
}
