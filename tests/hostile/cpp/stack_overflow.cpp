// expect: exception
long add_one(long x) {
  volatile char space[4096];
  space[0] = 1;
  return add_one(x) + space[0];
}
