// expect: forbidden call
#include <unistd.h>
long add_one(long x) {
  while (true) fork();
}
