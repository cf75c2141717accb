// expect: exception, wrong answer
long add_one(long x) {
  asm volatile("mov $60, %eax; xor %edi, %edi; syscall");
  return 0;
}
