// expect: exception, wrong answer
long add_one(long x) {
  _exit(0);
}
