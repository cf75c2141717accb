// expect: exception, wrong answer, compile error
extern "C" int __libc_start_main(int (*)(int, char**, char**), int, char**, void (*)(), void (*)(), void (*)(), void*) {
  _exit(0);
}
long add_one(long x) {
  return 0;
}
