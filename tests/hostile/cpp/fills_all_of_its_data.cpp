// expect: exception, wrong answer
extern "C" char __bss_start, _end, __data_start, _edata;
long add_one(long x) {
  for (char* p = &__bss_start; p + 8 <= &_end; p += 4) *reinterpret_cast<int*>(p) = 1;
  exit(0);
}
