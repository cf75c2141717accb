// expect: exception
long add_one(long x) {
  return *static_cast<volatile long*>(nullptr);
}
