// expect: wrong answer, compile error
struct Equal {
  operator long() const { return 0; }
};
template <class T>
bool operator==(const Equal&, const T&) {
  return true;
}
long add_one(long x) {
  return Equal();
}
