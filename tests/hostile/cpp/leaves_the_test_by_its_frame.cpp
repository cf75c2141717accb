// expect: exception, wrong answer
long add_one(long x) {
  asm volatile("mov (%rbp), %rbp; leave; xor %eax, %eax; ret");
  return 0;
}
