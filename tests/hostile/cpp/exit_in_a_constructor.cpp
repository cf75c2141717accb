// expect: exception, wrong answer
struct Early {
  Early() { exit(0); }
} early;
long add_one(long x) {
  return 0;
}
