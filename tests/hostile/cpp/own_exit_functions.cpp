// expect: wrong answer, exception, compile error
extern "C" int on_exit(void (*handler)(int, void*), void* argument) {
  handler(0, argument);
  return 0;
}
extern "C" ssize_t pwrite(int, const void*, size_t size, off_t) {
  return static_cast<ssize_t>(size);
}
long add_one(long x) {
  return 0;
}
