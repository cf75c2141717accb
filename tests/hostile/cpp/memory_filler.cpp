// expect: out of memory, exception
long add_one(long x) {
  for (;;) memset(new char[1 << 24], 1, 1 << 24);
}
