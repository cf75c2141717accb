// expect: forbidden call
long add_one(long x) {
  asm volatile("mov $57, %%eax; syscall" ::: "rax", "rcx", "r11");
  return 0;
}
