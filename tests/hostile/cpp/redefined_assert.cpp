// expect: wrong answer
#undef assert
#define assert(x) ((void)0)
#define NDEBUG 1
long add_one(long x) {
  return 0;
}
