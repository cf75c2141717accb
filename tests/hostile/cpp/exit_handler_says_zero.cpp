// expect: wrong answer
struct Late {
  ~Late() { _exit(0); }
} late;
long add_one(long x) {
  return 0;
}
