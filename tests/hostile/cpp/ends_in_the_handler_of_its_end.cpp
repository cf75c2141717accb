// expect: exception, wrong answer
struct Early {
  Early() {
    std::set_terminate([] { exit(0); });
    std::set_new_handler([] { exit(0); });
    std::at_quick_exit([] { _exit(0); });
  }
} early;
long add_one(long x) {
  throw x;
}
