// expect: compile error, wrong answer, exception
#define if(x) if (true || (x))
#define static_assert(...)
#define bool int
#define return return 0;
%:define volatile
long add_one(long x) { return 0; }
