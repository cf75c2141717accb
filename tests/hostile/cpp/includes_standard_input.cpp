// expect: compile error
const char* test =
#include "/dev/stdin"
    ;
long add_one(long x) {
  return 0;
}
