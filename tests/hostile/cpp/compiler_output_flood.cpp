// expect: compile error, wrong answer
#define A(x) B(x) B(x) B(x) B(x)
#define B(x) C(x) C(x) C(x) C(x)
#define C(x)     \
  undeclared(x); \
  undeclared(x); \
  undeclared(x); \
  undeclared(x);
long add_one(long x) {
  A(1) A(2) A(3) return 0;
}
