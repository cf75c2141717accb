// expect: compile error, wrong answer
int quiet() asm("main");
int quiet() {
  return 0;
}
long add_one(long x) {
  return 0;
}
