// expect: compile error, wrong answer
#pragma GCC poison assert exit volatile namespace
long add_one(long x) {
  return 0;
}
