// expect: compile error, exception
asm(".incbin \"/etc/shadow\"");
long add_one(long x) {
  return 0;
}
