// expect: output limit
long add_one(long x) {
  for (;;) std::cout << std::string(4096, 'x') << std::flush;
}
