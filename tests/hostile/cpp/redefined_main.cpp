// expect: wrong answer, compile error
#define main(...) \
  main() {        \
    return 0;     \
  }               \
  int never(__VA_ARGS__)
long add_one(long x) {
  return 0;
}
