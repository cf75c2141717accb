// expect: exception, wrong answer
void* operator new(std::size_t) {
  _exit(0);
}
long add_one(long x) {
  return *new long(0);
}
