// expect: exception, wrong answer
long add_one(long x) {
  throw 42;
}
