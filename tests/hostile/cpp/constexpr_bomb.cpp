// expect: compile error, timed out
constexpr long spin() {
  long n = 0;
  for (long i = 0; i < 100000000000; ++i) n += i;
  return n;
}
constexpr long spun = spin();
long add_one(long x) {
  return spun;
}
