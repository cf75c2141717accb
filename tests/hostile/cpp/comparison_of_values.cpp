// expect: wrong answer, compile error
struct Long {
  long value;
  operator long() const { return 0; }
};
template <class T>
bool operator==(const Long&, T&&) {
  return true;
}
Long add_one_of(long x) {
  return {x};
}
auto add_one(long x) {
  return add_one_of(x);
}
