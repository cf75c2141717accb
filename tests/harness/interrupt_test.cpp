#include "harness/interrupt.h"

#include <csignal>

#include <sys/wait.h>
#include <unistd.h>

#include "tests/catch.h"

namespace {

// What a child that is sent SIGINT `count` times ends with: its count of them, or 128 + 2 where it
// was ended.
int exit_status_after(int count) {
  const pid_t child = fork();
  if (child == 0) {
    assay::watch_interrupts();
    for (int i = 0; i < count; ++i) {
      (void)std::raise(SIGINT);
    }
    _exit(assay::interrupts());
  }
  int status = 0;
  waitpid(child, &status, 0);
  return WEXITSTATUS(status);
}

}  // namespace

TEST_CASE("interrupts are counted, and the third ends the process") {
  CHECK(exit_status_after(0) == 0);
  CHECK(exit_status_after(1) == 1);
  CHECK(exit_status_after(2) == 2);
  CHECK(exit_status_after(3) == 130);
}
