// expect: compile error, timed out, exception, out of memory, wrong answer
char fill[1u << 31] = {1};
long add_one(long x) {
  return 0;
}
