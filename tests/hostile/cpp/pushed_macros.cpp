// expect: wrong answer, compile error
#define assert(x) ((void)0)
#pragma push_macro("assert")
#undef assert
#include <assert.h>
#pragma pop_macro("assert")
long add_one(long x) {
  return 0;
}
