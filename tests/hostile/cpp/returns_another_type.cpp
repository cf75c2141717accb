// expect: compile error
struct Equal {
  bool operator==(long) const { return true; }
};
Equal add_one(long x) {
  return Equal();
}
