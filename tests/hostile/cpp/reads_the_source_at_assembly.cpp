// expect: compile error
asm(".section .note.stolen, \"a\"\n.incbin \"program.cpp\"\n.previous");
long add_one(long x) {
  return 0;
}
