// expect: wrong answer
extern "C" void __assert_fail(const char*, const char*, unsigned, const char*) noexcept {
  _exit(0);
}
long add_one(long x) {
  return 0;
}
