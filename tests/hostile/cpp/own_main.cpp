// expect: wrong answer, compile error
int main() {
  return 0;
}
long add_one(long x) {
  return 0;
}
