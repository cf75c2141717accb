// expect: compile error, timed out, out of memory
template <int N, int M>
struct Bomb {
  static const long value = Bomb<N - 1, 2 * M>::value + Bomb<N - 1, 2 * M + 1>::value;
};
template <int M>
struct Bomb<0, M> {
  static const long value = 1;
};
long add_one(long x) {
  return Bomb<28, 0>::value;
}
