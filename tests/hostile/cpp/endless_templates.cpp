// expect: compile error
template <int N>
struct Endless {
  static const int value = Endless<N + 1>::value;
};
long add_one(long x) {
  return Endless<0>::value;
}
