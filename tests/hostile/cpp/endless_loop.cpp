// expect: timed out
long add_one(long x) {
  volatile long n = 0;
  for (;;) ++n;
}
